"""Git repositories made for a test."""
import os
import shutil
import subprocess

from support.program import ROOT

QUIET = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "t",
         "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.com"}


def git(folder, *arguments):
    """Runs git there; what it printed, without the last newline."""
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True,
                          env={**os.environ, **QUIET}).stdout.strip()


class Repository:
    """A working repository with files to commit, on one branch at a time."""

    def __init__(self, folder):
        self.folder = folder

    @classmethod
    def of_example(cls, name, folder):
        """examples/NAME with its branches master and develop."""
        subprocess.run([ROOT / "script/make-repository", ROOT / "examples" / name, folder], check=True)
        return cls(folder)

    @classmethod
    def empty(cls, folder):
        subprocess.run(["git", "init", "-q", "-b", "master", folder], check=True, env={**os.environ, **QUIET})
        return cls(folder)

    def commit(self, files, branch="master"):
        """Writes path -> text on the branch (made where HEAD is, if new) and commits; the commit id."""
        if git(self.folder, "branch", "--show-current") != branch:
            known = subprocess.run(["git", "-C", self.folder, "rev-parse", "-q", "--verify", branch], capture_output=True)
            git(self.folder, "checkout", "-q", *([] if known.returncode == 0 else ["-b"]), branch)
        for path, text in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", "change")
        return git(self.folder, "rev-parse", "HEAD")

    def publish(self, target):
        """A bare copy at target, as a server keeps it; takes the place of an older one."""
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "-q", "--bare", self.folder, target], check=True, env={**os.environ, **QUIET})
        git(target, "config", "uploadpack.allowReachableSHA1InWant", "true")
        return target

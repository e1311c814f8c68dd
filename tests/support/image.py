"""The image as a container engine sees it: found by its digests, unpacked, and run without an engine."""
import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

from support.program import Program

# A mount namespace of its own: the root becomes read-only, nothing else is mounted, neither /proc nor /dev.
# The programs are called by their places in Debian, since PATH is the image's.
RUN = ('/usr/bin/mount --bind "$0" "$0" && /usr/bin/mount -o remount,bind,ro "$0" && '
       'exec /usr/sbin/chroot --groups= --userspec="$1" "$0" "${@:2}"')


class Image:
    """Unpacks an OCI archive into a folder by following index, manifest and layers; refuses what does not fit its digest."""

    def __init__(self, archive, root):
        self.root = root
        with tarfile.open(archive) as tar:
            self.blobs = {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
        index = json.loads(self.blobs["index.json"])
        self.manifest = json.loads(self.blob(index["manifests"][0]))
        self.document = json.loads(self.blob(self.manifest["config"]))
        self.config = self.document["config"]
        for layer, plain in zip(self.manifest["layers"], self.document["rootfs"]["diff_ids"], strict=True):
            content = gzip.decompress(self.blob(layer))
            assert "sha256:" + hashlib.sha256(content).hexdigest() == plain
            with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                tar.extractall(root)

    def blob(self, descriptor):
        content = self.blobs["blobs/" + descriptor["digest"].replace(":", "/")]
        assert len(content) == descriptor["size"]
        assert "sha256:" + hashlib.sha256(content).hexdigest() == descriptor["digest"]
        return content

    def environment(self):
        return dict(variable.split("=", 1) for variable in self.config["Env"])

    def entrypoint(self):
        """The program looked up in the image's PATH, as an engine does, and its first arguments."""
        name, *arguments = self.config["Entrypoint"]
        for folder in self.environment()["PATH"].split(":"):
            if os.access(self.root / folder.lstrip("/") / name, os.X_OK):
                return [os.path.join(folder, name), *arguments]
        raise AssertionError("%s is in none of the image's PATH" % name)


class InImage(Program):
    """Runs the image's entry point with the given arguments: its user, its variables, a root that cannot be written."""

    def __init__(self, image, folder, environment, secrets=()):
        super().__init__(folder, {"HOME": None, "LC_ALL": None, "TZ": None, **image.environment(), **environment}, secrets)
        self.image = image

    def command(self, arguments):
        return ["/usr/bin/unshare", "--mount", "/bin/bash", "-c", RUN, str(self.image.root), self.image.config["User"],
                *self.image.entrypoint(), *map(str, arguments)]


def may_run():
    """Whether this process may make a mount namespace and change its root."""
    return os.getuid() == 0 and subprocess.run(["/usr/bin/unshare", "--mount", "true"], capture_output=True).returncode == 0

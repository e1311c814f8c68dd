"""How much memory a run takes at most."""
import os
import subprocess
import sys

from support.program import binary

# In between, since a process started from here would begin with what this one takes.
MEASURE = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"""


def megabytes_of(program, *arguments):
    """How much memory a run takes that ends well."""
    done = subprocess.run([sys.executable, "-c", MEASURE, binary(), *arguments], cwd=program.folder,
                          env={"PATH": os.environ["PATH"], "HOME": str(program.folder), **program.environment},
                          capture_output=True, text=True, check=True)
    code, megabytes = map(int, done.stdout.split())
    assert code == 0, done.stderr
    return megabytes

#!/usr/bin/env python3
"""Measures an image: its size, how long its program takes to start, how much memory it takes at most.

    measure.py ARCHIVE ROOT

ROOT is the image's content. Starts are what a container engine would add its own time to: from exec to the end of
`version`, 200 times, the median told. Memory is the largest resident set that the kernel saw.
"""
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

STARTS = 200
SCRIPTS = 100


def start(program, *arguments):
    """(milliseconds, code)"""
    begun = time.perf_counter()
    process = os.posix_spawn(program, [program, *arguments], {"PATH": "/"},
                             file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return (time.perf_counter() - begun) * 1000, code


def peak(program, *arguments):
    """KiB. GNU time forks while it is small: a process begins with the size of what it was forked from. And the program
    is read from the disk again: a file that was just written lies in pages of 2 MB, which count as a whole."""
    with open(program, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    said = subprocess.run(["/usr/bin/time", "--format=%M", program, *arguments], env={"PATH": "/"}, check=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    return int(said.splitlines()[-1])


def migrate(program, count, folder):
    """The words of a command that runs COUNT scripts in a fresh SQLite database."""
    scripts = folder / ("sql%d" % count)
    scripts.mkdir()
    for n in range(1, count + 1):
        (scripts / ("V%d__t.sql" % n)).write_text("CREATE TABLE t%d (id integer PRIMARY KEY, name text);\n" % n)
    return [program, "migrate", "-url=jdbc:sqlite:%s/%d.db" % (folder, count), "-locations=filesystem:%s" % scripts]


def layers(archive):
    """(name, bytes) of each layer as it is stored."""
    with tarfile.open(archive) as tar:
        def read(digest):
            return json.load(tar.extractfile("blobs/" + digest.replace(":", "/")))
        manifest = read(json.load(tar.extractfile("index.json"))["manifests"][0]["digest"])
        return sum(layer["size"] for layer in manifest["layers"])


def main():
    archive, root = map(Path, sys.argv[1:])
    program = str((root / "dunlin").resolve())
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    rows = [("archive", "%.2f MB" % (archive.stat().st_size / 1e6)),
            ("layer, compressed", "%.2f MB" % (layers(archive) / 1e6)),
            ("layer, unpacked", "%.2f MB" % (sum(path.stat().st_size for path in files) / 1e6))]
    rows += [("  /%s" % path.relative_to(root), "%.2f MB" % (path.stat().st_size / 1e6)) for path in files]
    times = [start(program, "version") for _ in range(STARTS)]
    assert not any(code for _, code in times), "`version` failed"
    rows.append(("start, `version`", "%.1f ms (median of %d)" % (statistics.median(ms for ms, _ in times), STARTS)))
    rows.append(("peak memory, `version`", "%.1f MB" % (peak(program, "version") / 1024)))
    with tempfile.TemporaryDirectory() as name:
        command = migrate(program, SCRIPTS, Path(name))
        rows.append(("peak memory, `migrate` of %d scripts, SQLite" % SCRIPTS, "%.1f MB" % (peak(*command) / 1024)))
    for row in rows:
        print("%-46s %s" % row)


if __name__ == "__main__":
    main()

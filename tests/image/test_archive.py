"""The archive of an image is made from a folder alone; here from one with stand-ins for what the image holds."""
import os
import stat
import subprocess
import sys
import tarfile

import pytest

from support.image import Image
from support.program import ROOT

EPOCH = 1_700_000_000


def root_at(folder, time):
    """A root whose files all have that time."""
    (folder / "etc/ssl/certs").mkdir(parents=True)
    (folder / "etc/ssl/certs/ca-certificates.crt").write_text("authorities\n")
    (folder / "dunlin").write_text("#!/bin/sh\n")
    (folder / "dunlin").chmod(0o755)
    for path in folder.rglob("*"):
        os.utime(path, (time, time))
    return folder


@pytest.fixture
def archive(tmp_path):
    """A function that makes an archive of a root, and returns its path."""
    def make(root):
        path = tmp_path / (root.name + ".oci.tar")
        subprocess.run([sys.executable, ROOT / "image/archive.py", root, path, "--arch", "arm64", "--version", "1.2.3",
                        "--revision", "0" * 40, "--epoch", str(EPOCH)], check=True)
        return path
    return make


def test_the_same_content_makes_the_same_archive(archive, tmp_path):
    first, second = (archive(root_at(tmp_path / name, time)) for name, time in (("a", 1), ("b", EPOCH + 1)))
    assert first.read_bytes() == second.read_bytes()


def test_an_engine_finds_the_program_for_its_machine(archive, tmp_path):
    image = Image(archive(root_at(tmp_path / "a", EPOCH)), tmp_path / "unpacked")
    assert (image.document["architecture"], image.document["os"]) == ("arm64", "linux")
    assert image.entrypoint() == ["/dunlin", "run"] and image.config["User"] == "65532:65532"
    assert (image.root / image.environment()["SSL_CERT_FILE"].lstrip("/")).read_text() == "authorities\n"
    assert image.document["created"] == "2023-11-14T22:13:20Z"


def test_nobody_of_this_machine_and_no_time_of_it_is_in_the_archive(archive, tmp_path):
    path = archive(root_at(tmp_path / "a", 1))
    Image(path, tmp_path / "unpacked")  # its digests fit
    with tarfile.open(path) as tar:
        members = tar.getmembers()
    assert members and all((member.uid, member.gid, member.uname, member.mtime) == (0, 0, "", EPOCH) for member in members)
    modes = {str(file.relative_to(tmp_path / "unpacked")): stat.S_IMODE(file.stat().st_mode)
             for file in (tmp_path / "unpacked").rglob("*") if file.is_file()}
    assert modes == {"dunlin": 0o755, "etc/ssl/certs/ca-certificates.crt": 0o644}

#!/usr/bin/env python3
"""What is in the image, as CycloneDX 1.5 JSON: the libraries linked in, the headers compiled in, the certificates.

    sbom.py /BUILD ARCHIVE ROOTS.tgz --version V --epoch SECONDS > SBOM.json

Nothing is listed by hand: the linker's map (BUILD/dunlin.map) names the static libraries of which something was
used, ninja the headers, dpkg the packages that they came from. Licenses are what Debian's machine-readable
copyright files name for the whole source package, so a superset of what was linked.
"""
import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess
import tarfile
import uuid
from pathlib import Path
from urllib.parse import quote

ARCHIVE = re.compile(r"^(/\S+\.a)\(", re.M)
LICENSE = re.compile(r"^License:[ \t]*(\S.*)$", re.M)


def run(debian, *command):
    within = [] if debian == Path("/") else ["chroot", debian]
    return subprocess.run([*within, *command], capture_output=True, text=True, check=True).stdout


def files_of(options):
    """Absolute paths of static libraries and headers, outside of this repository."""
    linked = (options.debian / options.build.relative_to("/") / "dunlin.map").read_text(errors="replace")
    headers = {line.strip() for line in run(options.debian, "ninja", "-C", options.build, "-t", "deps").splitlines()
               if line.startswith("    /usr/")}
    return {os.path.normpath(path) for path in set(ARCHIVE.findall(linked)) | headers if path.startswith("/usr/")}


def packages_of(debian, files):
    """Names of the packages, as dpkg has them."""
    # For arm64 the server's package is only unpacked; what is used of it has the source of libpq-dev.
    owned = sorted(path for path in files if debian == Path("/") or not path.startswith("/usr/lib/postgresql/"))
    found = run(debian, "dpkg-query", "--search", *owned)
    return sorted({owner for line in found.splitlines() for owner in line.split(": ")[0].split(", ")})


def licenses_of(debian, package):
    """The short names in Debian's copyright file; none if it is not machine-readable."""
    path = debian / "usr/share/doc" / package.split(":")[0] / "copyright"
    text = path.read_text(errors="replace") if path.is_file() else ""
    names = set(LICENSE.findall(text)) if "copyright-format/1.0" in text else set()
    return [{"license": {"name": name.strip()}} for name in sorted(names)]


def debian_component(debian, package):
    fields = run(debian, "dpkg-query", "--show", "--showformat",
                 "${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}", package).split()
    name, version, architecture, source, source_version = fields
    purl = "pkg:deb/debian/%s@%s?arch=%s&distro=bookworm" % (name, quote(version, safe=":"), architecture)
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "licenses": licenses_of(debian, package),
            "properties": [{"name": "debian:source", "value": "%s %s" % (source, source_version)}]}


def roots_component(package):
    """The npm package out of which only certificates are taken."""
    with tarfile.open(package) as archive:
        about = json.load(archive.extractfile("package/package.json"))
    purl = "pkg:npm/%s@%s" % (about["name"], about["version"])
    return {"type": "data", "bom-ref": purl, "name": about["name"], "version": about["version"], "purl": purl,
            "licenses": [{"license": {"id": about["license"]}}], "hashes": hashes_of(package)}


def hashes_of(path):
    return [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]


def document(options):
    made = datetime.datetime.fromtimestamp(options.epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    purl = "pkg:generic/dunlin@" + options.version
    packages = [*packages_of(options.debian, files_of(options)), "ca-certificates"]
    components = [debian_component(options.debian, package) for package in packages]
    components.append(roots_component(options.roots))
    hashes = hashes_of(options.archive)
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        # The same archive has the same number.
        "serialNumber": "urn:uuid:%s" % uuid.uuid5(uuid.NAMESPACE_OID, hashes[0]["content"]),
        "metadata": {"timestamp": made, "component": {
            "type": "container", "bom-ref": purl, "name": "dunlin", "version": options.version, "purl": purl,
            "licenses": [{"license": {"id": "Apache-2.0"}}], "hashes": hashes}},
        "components": components,
        "dependencies": [{"ref": purl, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ("build", "archive", "roots"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--epoch", type=int, required=True)
    parser.add_argument("--debian", type=Path, default=Path("/"), help="the root in which BUILD is, and was built")
    print(json.dumps(document(parser.parse_args()), indent=1))


if __name__ == "__main__":
    main()

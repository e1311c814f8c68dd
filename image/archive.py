#!/usr/bin/env python3
"""An OCI image archive out of a folder, without a container engine.

    archive.py ROOT ARCHIVE --arch amd64 --version V --revision COMMIT --epoch SECONDS

The archive is what `podman load`, `skopeo copy oci-archive:` and a registry take: a tar of oci-layout, index.json
and blobs named after their own SHA-256 (OCI image specification 1.1). Beside them stands manifest.json, by which
`docker load` finds the same blobs. The same input gives the same bytes: names are sorted, owners are root, and
every time is SECONDS.
"""
import argparse
import datetime
import hashlib
import io
import json
import os
import subprocess
import tarfile
from pathlib import Path

USER = "65532:65532"  # "nonroot" of other images without a shell; it needs no entry in /etc/passwd
ENVIRONMENT = ["PATH=/", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"]
ENTRYPOINT = ["dunlin", "run"]
MEDIA = "application/vnd.oci.image."


def tar_of(entries, epoch):
    """entries: (name, content) in order; content is bytes, a Path to read, or None for a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.mtime, info.mode = epoch, 0o644
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(info)
                continue
            if isinstance(content, Path):
                info.mode = 0o755 if os.access(content, os.X_OK) else 0o644
                content = content.read_bytes()
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def layer_of(root, epoch):
    paths = sorted(path for path in root.rglob("*"))
    return tar_of([(str(path.relative_to(root)), None if path.is_dir() else path) for path in paths], epoch)


def gzip_of(content):
    """By libdeflate, whose best takes 4 % less than zlib's; no name and no time stand in it."""
    return subprocess.run(["libdeflate-gzip", "-12"], input=content, stdout=subprocess.PIPE, check=True).stdout


def as_json(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def path_of(descriptor):
    return "blobs/" + descriptor["digest"].replace(":", "/")


class Layout:
    """The blobs of an image, by their digests."""

    def __init__(self):
        self.blobs, self.for_docker = {}, b"[]"

    def add(self, kind, content):
        """Its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return {"mediaType": MEDIA + kind, "digest": "sha256:" + digest, "size": len(content)}

    def entries(self, index):
        yield "blobs", None
        yield "blobs/sha256", None
        yield from (("blobs/sha256/" + digest, self.blobs[digest]) for digest in sorted(self.blobs))
        yield "index.json", index
        yield "manifest.json", self.for_docker
        yield "oci-layout", as_json({"imageLayoutVersion": "1.0.0"})


def labels_of(options, created):
    return {"org.opencontainers.image." + key: value for key, value in {
        "title": "dunlin", "description": "database migrations, compatible with Flyway, as one job",
        "version": options.version, "revision": options.revision, "created": created, "licenses": "Apache-2.0",
    }.items()}


def image_of(options):
    """(layout, index.json)"""
    created = datetime.datetime.fromtimestamp(options.epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    labels, platform = labels_of(options, created), {"architecture": options.arch, "os": "linux"}
    plain = layer_of(options.root, options.epoch)
    layout = Layout()
    layer = layout.add("layer.v1.tar+gzip", gzip_of(plain))
    config = layout.add("config.v1+json", as_json({
        **platform, "created": created,
        "config": {"User": USER, "Env": ENVIRONMENT, "Entrypoint": ENTRYPOINT, "WorkingDir": "/", "Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]},
        "history": [{"created": created, "created_by": "script/image"}]}))
    manifest = layout.add("manifest.v1+json", as_json({
        "schemaVersion": 2, "mediaType": MEDIA + "manifest.v1+json",
        "config": config, "layers": [layer], "annotations": labels}))
    layout.for_docker = as_json([{"Config": path_of(config), "Layers": [path_of(layer)],
                                  "RepoTags": ["dunlin:" + options.version]}])
    name = {"org.opencontainers.image.ref.name": options.version}
    return layout, as_json({"schemaVersion": 2, "mediaType": MEDIA + "index.v1+json",
                            "manifests": [{**manifest, "platform": platform, "annotations": name}]})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("archive", type=Path)
    for name in ("arch", "version", "revision"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--epoch", type=int, required=True)
    options = parser.parse_args()
    layout, index = image_of(options)
    options.archive.write_bytes(tar_of(layout.entries(index), options.epoch))


if __name__ == "__main__":
    main()

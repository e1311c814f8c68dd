"""Secrets from a real server of Vault's API: by token, AppRole, JWT and a pod's account; over TLS; and what can go wrong."""
import base64
import http.server
import json
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from support.job import DEPLOY_KEY, PASSWORDS, PREFIX
from support.program import Program
from support.server import free_port
from support.tcp_proxy import TcpProxy
from support.vault import Vault

pytestmark = pytest.mark.server

NEW = "freshly rotated"


@pytest.fixture
def secrets(vault):
    """The engine as it is at first, with nothing in it, and a policy for what lies below app/ and the job's names."""
    vault.remount(version="2")
    vault.allow("app", "secret/data/app/*", "secret/data/%s@*" % PREFIX, "secret/data/github@*")
    return vault


@pytest.fixture
def dunlin(secrets, tmp_path):
    token = secrets.token("app")
    return Program(tmp_path, {"DUNLIN_SECRETS_PROVIDER": "vault", "VAULT_ADDR": secrets.url, "VAULT_TOKEN": token,
                              "FLYWAY_URL": "jdbc:sqlite:test.db", "FLYWAY_LOCATIONS": "filesystem:sql"}, secrets=[token])


def value_of(dunlin, reference, **environment):
    """What a reference becomes: it is written into a table."""
    (dunlin.folder / "sql").mkdir(exist_ok=True)
    (dunlin.folder / "sql/V1__a.sql").write_text("CREATE TABLE a AS SELECT '${X}' AS x;")
    (dunlin.folder / "test.db").unlink(missing_ok=True)
    said = dunlin("migrate", "-placeholders.X=" + reference, **environment)
    assert said.code == 0, said
    with sqlite3.connect(dunlin.folder / "test.db") as connection:
        return connection.execute("SELECT x FROM a").fetchone()[0]


def refused(dunlin, reference="${secret:app/db#password}", code=3, **environment):
    said = dunlin("info", "-placeholders.X=" + reference, **environment)
    assert said.code == code and said.err.count("ERROR") == 1, said
    return said.err


# --- what a reference is replaced by

VALUES = [
    ("a member", "${secret:app/db#password}", "newer one"),
    ("a number", "${secret:app/db#port}", "5432"),
    ("the newest of a few versions is meant, an older one can be", "${secret:app/db?version=1#password}", "older one"),
    ("all of it", "${secret:app/db}", '{"password":"newer one","port":5432}'),
    ("all of one member is the member", "${secret:app/token}", "only one"),
    ("the member of one by its name", "${secret:app/token#value}", "only one"),
    ("slashes around it, blanks and signs in it", "${secret:/app/a b?mount=secret#x}", "with a blank"),
    ("two at once", "${secret:app/token}/${secret:app/db#password}", "only one/newer one"),
]


@pytest.mark.parametrize("reference, value", [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_a_reference_is_replaced(secrets, dunlin, reference, value):
    secrets.put("app/db", password="older one")
    secrets.put("app/db", password="newer one", port=5432)
    secrets.put("app/token", value="only one")
    secrets.put("app/a%20b", x="with a blank")
    dunlin.secrets += ["older one", "newer one", "only one"]
    assert value_of(dunlin, reference) == value


def test_another_mount_and_the_names_of_openbao(secrets, dunlin):
    secrets.remount("ci/kv", version="2")
    secrets.allow("ci", "ci/kv/data/*")
    secrets.put("db", mount="ci/kv", password="of ci")
    other = {"VAULT_ADDR": None, "VAULT_TOKEN": None, "BAO_ADDR": secrets.url, "BAO_TOKEN": secrets.token("ci")}
    assert value_of(dunlin, "${secret:db?mount=ci/kv#password}", **other) == "of ci"
    assert value_of(dunlin, "${secret:db#password}", FLYWAY_SECRETS_VAULT_MOUNT="ci/kv", **other) == "of ci"


def test_a_namespace(secrets, dunlin):
    secrets("POST", "sys/namespaces/team")
    there = {"X-Vault-Namespace": "team"}
    secrets("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}, **there)
    secrets("POST", "secret/data/app/db", {"data": {"password": "of the team"}}, **there)
    secrets("POST", "sys/policies/acl/app", {"policy": 'path "secret/data/*" { capabilities = ["read"] }'}, **there)
    token = secrets("POST", "auth/token/create", {"policies": ["app"]}, **there)["auth"]["client_token"]
    assert value_of(dunlin, "${secret:app/db}", VAULT_NAMESPACE="team", VAULT_TOKEN=token) == "of the team"
    assert "lacks read on secret/data/app/db in the namespace team" in refused(dunlin, VAULT_NAMESPACE="team")
    assert "there is no namespace none" in refused(dunlin, VAULT_NAMESPACE="none")


# --- ways in

def test_the_token_that_a_login_left_behind(secrets, dunlin):
    """`vault login` and `bao login` write it into the home folder."""
    secrets.put("app/db", password="by the file")
    (dunlin.folder / ".vault-token").write_text(dunlin.environment.pop("VAULT_TOKEN") + "\n")
    assert value_of(dunlin, "${secret:app/db}") == "by the file"
    assert "no Vault token was found" in refused(dunlin, HOME="/nonexistent")


def test_the_token_of_an_agent(secrets, dunlin):
    """Vault's agent keeps one fresh in a file."""
    secrets.put("app/db", password="by an agent")
    (dunlin.folder / "sink").write_text(dunlin.environment.pop("VAULT_TOKEN"))
    assert value_of(dunlin, "${secret:app/db}", FLYWAY_SECRETS_VAULT_TOKEN="${file:sink}") == "by an agent"


def approle(vault, **role):
    vault.enable("approle")
    vault("POST", "auth/approle/role/dunlin", {"token_policies": ["app"], "token_ttl": "5m", **role})
    role_id = vault("GET", "auth/approle/role/dunlin/role-id")["data"]["role_id"]
    secret_id = vault("POST", "auth/approle/role/dunlin/secret-id", {})["data"]["secret_id"]
    return {"VAULT_TOKEN": None, "DUNLIN_SECRETS_VAULT_AUTH": "approle", "DUNLIN_SECRETS_VAULT_ROLE": role_id,
            "DUNLIN_SECRETS_VAULT_SECRET_ID": "${env:THE_SECRET_ID}", "THE_SECRET_ID": secret_id}


def test_login_by_approle(secrets, dunlin):
    secrets.put("app/db", password="by approle")
    login = approle(secrets)
    dunlin.secrets.append(login["THE_SECRET_ID"])
    assert value_of(dunlin, "${secret:app/db}", **login) == "by approle"
    said = refused(dunlin, **{**login, "THE_SECRET_ID": "0000-none"})
    assert "refuses the login by approle at auth/approle" in said and "secret" in said and "0000" not in said
    assert "secrets.vault.role is not set" in refused(dunlin, code=2, **{**login, "DUNLIN_SECRETS_VAULT_ROLE": None})
    said = refused(dunlin, **login, DUNLIN_SECRETS_VAULT_AUTH_MOUNT="elsewhere")
    assert "at auth/elsewhere" in said


def claims(subject, issuer):
    now = int(time.time())
    return {"sub": subject, "iss": issuer, "aud": ["vault"], "iat": now, "nbf": now - 5, "exp": now + 600}


def signed(folder, claims):
    """A JSON web token (RFC 7519), signed by RS256, and the public key that checks it."""
    def web(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    key = folder / "issuer.key"
    if not key.exists():
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    text = web(b'{"alg":"RS256","typ":"JWT"}') + b"." + web(json.dumps(claims).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text, check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    return (text + b"." + web(signature)).decode(), public


def test_login_by_jwt(secrets, dunlin, tmp_path):
    """As CI systems show who they are."""
    secrets.put("app/db", password="by jwt")
    token, public = signed(tmp_path, claims("repo:flock/migrations", "ci"))
    secrets.enable("jwt", "ci")
    secrets("POST", "auth/ci/config", {"jwt_validation_pubkeys": [public], "bound_issuer": "ci"})
    secrets("POST", "auth/ci/role/dunlin", {"role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"],
                                           "bound_subject": "repo:flock/migrations", "token_policies": ["app"]})
    (tmp_path / "jwt").write_text(token + "\n")
    login = {"VAULT_TOKEN": None, "DUNLIN_SECRETS_VAULT_AUTH": "jwt", "DUNLIN_SECRETS_VAULT_AUTH_MOUNT": "ci",
             "DUNLIN_SECRETS_VAULT_ROLE": "dunlin", "DUNLIN_SECRETS_VAULT_JWT": "${file:jwt}"}
    dunlin.secrets.append(token)
    assert value_of(dunlin, "${secret:app/db}", **login) == "by jwt"
    (tmp_path / "jwt").write_text(signed(tmp_path, claims("another", "ci"))[0])
    said = refused(dunlin, **login)
    assert "refuses the login by jwt at auth/ci" in said and "what the role dunlin is bound to" in said


class Cluster:
    """The part of Kubernetes that Vault asks: whether a pod's token is one (TokenReview)."""

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                user = {"username": "system:serviceaccount:jobs:dunlin", "uid": "u-1",
                        "groups": ["system:serviceaccounts", "system:serviceaccounts:jobs"]}
                status = {"authenticated": True, "user": user, "audiences": asked["spec"].get("audiences", [])}
                body = json.dumps({**asked, "status": status}).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_login_by_the_account_of_a_pod(secrets, dunlin, tmp_path):
    secrets.put("app/db", password="by kubernetes")
    account = {"namespace": "jobs", "serviceaccount": {"name": "dunlin", "uid": "u-1"}, "pod": {"name": "p", "uid": "u-2"}}
    token, public = signed(tmp_path, {**claims("system:serviceaccount:jobs:dunlin", "https://kubernetes.default.svc.cluster.local"),
                                      "kubernetes.io": account})
    (tmp_path / "account").write_text(token)
    secrets.enable("kubernetes")
    login = {"VAULT_TOKEN": None, "DUNLIN_SECRETS_VAULT_AUTH": "kubernetes", "DUNLIN_SECRETS_VAULT_ROLE": "dunlin",
             "DUNLIN_SECRETS_VAULT_JWT": "${file:account}"}
    dunlin.secrets.append(token)
    with Cluster() as cluster:
        secrets("POST", "auth/kubernetes/config", {"kubernetes_host": cluster.url, "pem_keys": [public],
                                                  "kubernetes_ca_cert": secrets.authority.read_text(), "disable_local_ca_jwt": True, "token_reviewer_jwt": token})
        role = {"bound_service_account_names": "dunlin", "bound_service_account_namespaces": "jobs", "token_policies": ["app"]}
        secrets("POST", "auth/kubernetes/role/dunlin", role)
        assert value_of(dunlin, "${secret:app/db}", **login) == "by kubernetes"
        secrets("POST", "auth/kubernetes/role/dunlin", {**role, "bound_service_account_namespaces": "others"})
        assert "refuses the login by kubernetes" in refused(dunlin, **login)
    if not Path("/var/run/secrets/kubernetes.io/serviceaccount/token").exists():
        said = refused(dunlin, code=2, **{**login, "DUNLIN_SECRETS_VAULT_JWT": None})
        assert "the service account's token /var/run/secrets" in said


# --- what can go wrong

def test_what_is_not_there_is_said(secrets, dunlin):
    secrets.put("app/db", password="first")
    secrets.put("app/db", password="second")
    secrets.put("app/gone", password="gone")
    assert "secret app/db (version 7) does not exist" in refused(dunlin, "${secret:app/db?version=7}")
    said = refused(dunlin, "${secret:app/nothing}")
    assert "secret app/nothing does not exist in the mount secret" in said and "vault kv list -mount=secret" in said
    assert "lacks .user; it has .password" in refused(dunlin, "${secret:app/db#user}")
    secrets("POST", "secret/delete/app/db", {"versions": [1]})
    said = refused(dunlin, "${secret:app/db?version=1}")
    assert "is deleted since 2" in said and "vault kv undelete -mount=secret -versions=1 app/db" in said
    secrets("DELETE", "secret/data/app/gone")
    assert "secret app/gone is deleted" in refused(dunlin, "${secret:app/gone}")
    secrets("POST", "secret/destroy/app/gone", {"versions": [1]})
    assert "is destroyed for good" in refused(dunlin, "${secret:app/gone}")


def test_a_mount_that_is_none_of_ours_is_said(secrets, dunlin):
    secrets.remount("old", version="1")
    secrets.remount("box", type="transit")
    secrets.allow("more", "old/*", "box/*", "nowhere/*", "secret/*")
    more = {"VAULT_TOKEN": secrets.token("more")}
    assert "the mount old is KV version 1" in refused(dunlin, "${secret:db?mount=old}", **more)
    assert "the mount box holds transit, not kv" in refused(dunlin, "${secret:db?mount=box}", **more)
    assert "there is no mount nowhere" in refused(dunlin, "${secret:db?mount=nowhere}", **more)
    for path, start in (("secret/app/db", "secret/"), ("data/app/db", "data/")):
        assert "leave out %s before it" % start in refused(dunlin, "${secret:%s}" % path, **more)


def test_a_path_that_no_policy_names_is_said(secrets, dunlin):
    said = refused(dunlin, "${secret:other/db}")
    assert "the token of variable VAULT_TOKEN lacks read on secret/data/other/db" in said, said
    assert 'add path "secret/data/other/db" { capabilities = ["read"] }' in said and "app, default" in said


def test_a_token_that_has_run_out_is_said(secrets, dunlin):
    said = refused(dunlin, VAULT_TOKEN="s.thatIsNone")
    assert "Vault does not know the token of variable VAULT_TOKEN, or that has expired" in said and "s.that" not in said


def test_what_is_not_set_or_not_gone_by_is_said(dunlin):
    assert "set VAULT_ADDR" in refused(dunlin, code=2, VAULT_ADDR=None)
    assert "is not the address" in refused(dunlin, code=2, VAULT_ADDR="vault.example.com:8200")
    assert "VAULT_SKIP_VERIFY is set" in refused(dunlin, code=2, VAULT_SKIP_VERIFY="true")
    assert "is no path" in refused(dunlin, "${secret:app/../db}", code=2)
    assert "versions are numbers" in refused(dunlin, "${secret:app/db?version=x}", code=2)
    assert 'unknown "stage=' in refused(dunlin, "${secret:app/db?stage=AWSCURRENT}", code=2)
    assert "VAULT_TOKEN" in refused(dunlin, VAULT_TOKEN=None)
    said = refused(dunlin, "x", code=2, VAULT_TOKEN="${secret:token}")
    assert "it is what says where secrets are" in said


def test_tls_is_verified(secrets, dunlin):
    secrets.put("app/db", password="by tls")
    assert value_of(dunlin, "${secret:app/db}", VAULT_ADDR=secrets.tls_url + "/", VAULT_CACERT=secrets.authority) == "by tls"
    said = refused(dunlin, VAULT_ADDR=secrets.tls_url)
    assert "TLS: localhost:" in said and "VAULT_CACERT" in said
    assert "TLS: " in refused(dunlin, VAULT_ADDR=secrets.tls_url, VAULT_CACERT="missing.pem")
    assert "write https://" in refused(dunlin, VAULT_ADDR=secrets.tls_url.replace("https", "http"))
    said = refused(dunlin, VAULT_ADDR=secrets.url.replace("http", "https"))
    assert "TLS: " in said and "write http://" in said


def test_nobody_answers(dunlin):
    assert "TCP: 127.0.0.1:" in refused(dunlin, VAULT_ADDR="http://127.0.0.1:%d" % free_port())


def test_a_sealed_vault_is_said(dunlin, open_folder):
    with Vault(open_folder) as sealed:
        sealed("PUT", "sys/seal")
        said = refused(dunlin, VAULT_ADDR=sealed.url)
    assert "secret app/db cannot be fetched: Vault at %s is sealed" % sealed.url in said and "unseal" in said


# --- the whole job

@pytest.fixture
def vault_job(job, secrets):
    """The job with nothing of AWS, all its secrets in Vault, over TLS."""
    secrets.put(DEPLOY_KEY, private_key=job.keys["ed25519"])
    for user, password in PASSWORDS.items():
        secrets.put("%s@%s" % (PREFIX, user), username=user, password=password)
    token = secrets.token("app")
    for name in ("REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del job.program.environment[name]
    job.program.environment.update(FLYWAY_SECRETS_PROVIDER="vault", VAULT_ADDR=secrets.tls_url,
                                   VAULT_CACERT=secrets.authority, VAULT_TOKEN=token)
    job.program.secrets.append(token)
    return job


def test_the_job_takes_all_its_secrets_from_vault(vault_job):
    said = vault_job("develop")
    assert said.code == 0, said
    assert [script for _, script, success in vault_job.history() if success]
    assert vault_job.rows("SELECT 1", user="sample_application", password=PASSWORDS["sample_application"]) == [(1,)]


@pytest.mark.parametrize("environment", [{}, {"DB_SECRET": "app/login"}, {"FLYWAY_PASSWORD": "${secret:app/login#password}"}],
                         ids=["of the user", "of the database, with one member", "in a reference"])
def test_a_rotated_password_is_fetched_anew(vault_job, secrets, environment):
    place = "app/login" if environment else PREFIX + "@sqladmin"
    secrets.put(place, password=PASSWORDS["sqladmin"])
    vault_job.new_password(NEW)
    said = vault_job.run_while(lambda: secrets.put(place, password=NEW), **environment)
    assert said.code == 0 and "customer" in vault_job.tables(), said
    assert said.out.count("its secret holds another one by now") == 1, said


def test_a_login_that_ran_out_meanwhile_is_made_anew(vault_job, secrets):
    """The password is rotated, and the token of the first fetch is gone by then."""
    login = approle(secrets)
    vault_job.program.secrets.append(login["THE_SECRET_ID"])
    vault_job.new_password(NEW)

    def rotate():
        secrets.put(PREFIX + "@sqladmin", password=NEW)
        for accessor in secrets("LIST", "auth/token/accessors")["data"]["keys"]:
            found = secrets("POST", "auth/token/lookup-accessor", {"accessor": accessor})["data"]
            if found["path"] == "auth/approle/login":
                secrets("POST", "auth/token/revoke-accessor", {"accessor": accessor})
    said = vault_job.run_while(rotate, **login)
    assert said.code == 0 and said.out.count("its secret holds another one by now") == 1, said


def test_all_secrets_come_over_one_connection(vault_job, secrets):
    with TcpProxy(secrets.port) as front:
        said = vault_job(VAULT_ADDR="http://127.0.0.1:%d" % front.port)
    assert said.code == 0 and front.connections == 1, said


def test_a_failing_script_shows_nothing(vault_job):
    vault_job.repository.commit({"sql/V1.03__Leak.sql": "SELECT '${READ_ONLY_PASSWORD}' AS a, no_such_column;"})
    vault_job.publish()
    for output in ([], ["-X"], ["-outputType=json"]):
        assert vault_job(*output).code == 1

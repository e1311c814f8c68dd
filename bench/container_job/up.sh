#!/bin/bash
# Local stand-ins for everything the Fargate task talks to:
#   AWS Secrets Manager (moto_server), GitHub over SSH (a real sshd that serves one bare
#   repository read-only to one deploy key), and PostgreSQL with a sqladmin user.
# Writes $STANDIN_DIR/env (shell exports) and prints its path. Ends with ./down.sh.
# All listen on 127.0.0.1 only. Ports: MOTO_PORT, SSH_PORT, DB_PORT.
# DB_ADMIN_URL=postgres://super:pw@host:port/postgres uses a server of yours; otherwise one of its own is started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
S=${STANDIN_DIR:-${TMPDIR:-/tmp}/dunlin_standins}; MOTO_PORT=${MOTO_PORT:-5071}; SSH_PORT=${SSH_PORT:-2271}; DB_PORT=${DB_PORT:-5471}
OWNER=${REPOSITORY_OWNER:-example-owner}; REPO=${REPOSITORY_PATH:-example-migrations}; REGION=${REGION:-us-east-1}; DB=${DB_NAME:-aurora_serverless_flyway_db}
find_up() { local d=$here; while [ "$d" != / ]; do [ -e "$d/peers/$1" ] && { echo "$d/peers/$1"; return; }; d=$(dirname "$d"); done; return 1; }
tool() { # env var, path under peers/, name on PATH
  local v=${!1:-}; [ -n "$v" ] && { echo "$v"; return; }; find_up "$2" || command -v "$3" || { echo "up.sh: no $3 (set $1)" >&2; exit 1; }; }
MOTO=$(tool BENCH_MOTO moto/bin/moto_server moto_server)
AWS=$(tool BENCH_AWS moto/bin/aws aws 2> /dev/null) || AWS=   # only the tutorial's script needs it
[ -e "$S" ] && { echo "up.sh: $S exists: run down.sh first" >&2; exit 1; }
umask 077; mkdir -p "$S"/{ssh,repos/"$OWNER",keys}

# --- deploy key, as the tutorial makes it
ssh-keygen -q -m PEM -t rsa -b "${DEPLOY_KEY_BITS:-4096}" -C "$REPO read_repository" -N '' -f "$S/keys/deploy"

# --- git repository: the branches master and develop of examples/postgresql
w=$S/work; "$here/../../script/make-repository" "$here/../../examples/postgresql" "$w"
git clone -q --bare "$w" "$S/repos/$OWNER/$REPO.git"; git -C "$S/repos/$OWNER/$REPO.git" symbolic-ref HEAD refs/heads/master; rm -rf "$w"

# --- sshd: that key may run git-upload-pack on those repositories and nothing else
cat > "$S/ssh/serve" <<E2
#!/bin/sh
# git-upload-pack 'owner/path.git'  ->  the repository under $S/repos
p=\$(printf %s "\$SSH_ORIGINAL_COMMAND" | sed -n "s/^git[ -]upload-pack '\\/*\\([A-Za-z0-9_-][A-Za-z0-9._-]*\\/[A-Za-z0-9_-][A-Za-z0-9._-]*\\)'\$/\\1/p")
case "\$p" in ''|*..*) echo "only git-upload-pack of a known repository" >&2; exit 1;; *.git) ;; *) p=\$p.git;; esac
[ -d "$S/repos/\$p" ] || { echo "ERROR: Repository not found." >&2; exit 128; }
exec git -c safe.directory='*' upload-pack "$S/repos/\$p"
E2
chmod 700 "$S/ssh/serve"; for t in ed25519 rsa ecdsa; do ssh-keygen -q -t $t -N '' -f "$S/ssh/host_$t"; done
echo "restrict,command=\"$S/ssh/serve\" $(cat "$S/keys/deploy.pub")" > "$S/ssh/authorized_keys"
cat > "$S/ssh/sshd_config" <<E2
Port $SSH_PORT
ListenAddress 127.0.0.1
HostKey $S/ssh/host_ed25519
HostKey $S/ssh/host_ecdsa
HostKey $S/ssh/host_rsa
PidFile $S/ssh/pid
AuthorizedKeysFile $S/ssh/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
LogLevel VERBOSE
E2
mkdir -p /run/sshd 2>/dev/null || true
"$(command -v sshd || echo /usr/sbin/sshd)" -f "$S/ssh/sshd_config" -E "$S/ssh/log"

# --- PostgreSQL
if [ -n "${DB_ADMIN_URL:-}" ]; then admin=$DB_ADMIN_URL
else BENCH_PG_DIR=$S.pg BENCH_PG_PORT=$DB_PORT "$here/../pg_own.sh" up > /dev/null; admin=postgres://root:root@127.0.0.1:$DB_PORT/postgres; touch "$S/own_pg"; fi
hp=${admin#*@}; hp=${hp%%/*}
pw=(sqladmin "Sq1-$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')" read_only "Ro 2-${RANDOM}\$x" sample_application "Sa\"3-${RANDOM}")   # a double quote, a space and a dollar on purpose
psql -X -q -v ON_ERROR_STOP=1 -v p="${pw[1]}" -v d="$DB" "$admin?sslmode=disable" <<'E2'
CREATE ROLE sqladmin LOGIN CREATEROLE CREATEDB PASSWORD :'p';
CREATE DATABASE :"d" OWNER sqladmin;
E2

# --- Secrets Manager
"$MOTO" -H 127.0.0.1 -p "$MOTO_PORT" > "$S/moto.log" 2>&1 & echo $! > "$S/moto.pid"
export AWS_ENDPOINT_URL=http://127.0.0.1:$MOTO_PORT AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=$REGION
for i in $(seq 300); do curl -s -o /dev/null "$AWS_ENDPOINT_URL" && break; sleep .1; done
KEYSECRET="github@$OWNER@$REPO@repository-deploy-key"; PRE=postgresql@aurora-serverless-flyway-db
# put NAME < TEXT: one CreateSecret, whose signature moto does not check
put() { jq -Rsc --arg n "$1" '{Name: $n, SecretString: ., ClientRequestToken: ("0" * 32)}' > "$S/secret.json"
  curl -sS --fail-with-body -o /dev/null "$AWS_ENDPOINT_URL" -H 'X-Amz-Target: secretsmanager.CreateSecret' -H 'Content-Type: application/x-amz-json-1.1' \
    -H "Authorization: AWS4-HMAC-SHA256 Credential=test/20200101/$REGION/secretsmanager/aws4_request, SignedHeaders=host, Signature=0" --data-binary "@$S/secret.json"
  rm "$S/secret.json"; }
put "$KEYSECRET" < "$S/keys/deploy"
for i in 0 2 4; do
  jq -nc --arg u "${pw[i]}" --arg p "${pw[i+1]}" '{username:$u,password:$p}' | put "$PRE@${pw[i]}"
done
{
  q() { printf 'export %s=%q\n' "$1" "$2"; }
  q REGION "$REGION"; q AWS_REGION "$REGION"; q REPOSITORY_DEPLOY_KEY_SECRET "$KEYSECRET"; q REPOSITORY_OWNER "$OWNER"; q REPOSITORY_PATH "$REPO"
  q DB_HOST "${hp%%:*}"; q DB_PORT "${hp##*:}"; q DB_NAME "$DB"; q AWS_ENDPOINT_URL "$AWS_ENDPOINT_URL"; q AWS_ACCESS_KEY_ID test; q AWS_SECRET_ACCESS_KEY test
  q SQLADMIN_SECRET "$PRE@sqladmin"; q READ_ONLY_SECRET "$PRE@read_only"; q SAMPLE_APPLICATION_SECRET "$PRE@sample_application"
  q REPOSITORY_SSH_HOST 127.0.0.1; q REPOSITORY_SSH_PORT "$SSH_PORT"; q REPOSITORY_SSH_USER "$(id -un)"; q REPOSITORY_URL "ssh://$(id -un)@127.0.0.1:$SSH_PORT/$OWNER/$REPO.git"
  q KNOWN_HOSTS "[127.0.0.1]:$SSH_PORT $(cut -d' ' -f1,2 "$S/ssh/host_ed25519.pub")"; q STANDIN_DIR "$S"; q STANDIN_DB_ADMIN_URL "$admin"; q STANDIN_AWS "$AWS"
} > "$S/env"
echo "$S/env"

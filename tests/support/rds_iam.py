"""What RDS does with a password that is an IAM token: PostgreSQL hands it on by LDAP, and it is checked here."""
import datetime
import hashlib
import hmac
import socketserver
import threading
import urllib.parse

ACCESS_KEY, SECRET_KEY, SESSION_TOKEN = "AKIAIOSFODNN7EXAMPLE", "a secret key/of+the task", "a session token of the task"


class RdsIam:
    """`with RdsIam(region) as iam`: iam.connections(user) stands in pg_hba.conf; iam.seen holds (user, token)."""

    def __init__(self, region):
        self.region, self.seen, self.place = region, [], None

    def __enter__(self):
        iam = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                while message := self.request.recv(65536):
                    number, name, password = bind_request(message)
                    if name is None:
                        return
                    user = name.removeprefix("uid=").removesuffix(",o=rds")
                    iam.seen.append((user, password))
                    code = 0 if iam.is_valid(user, password) else 49
                    self.request.sendall(bytes([0x30, 12, 2, 1, number, 0x61, 7, 10, 1, code, 4, 0, 4, 0]))

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def connections(self, user):
        return ("hostssl all %s 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=%d ldapprefix=\"uid=\" ldapsuffix=\",o=rds\"\nhostssl"
                % (user, self.server.server_address[1]))

    def is_valid(self, user, token):
        """The signature as AWS computes it: Signature Version 4 of a presigned GET for rds-db."""
        place, _, query = token.partition("/?")
        fields = dict(urllib.parse.parse_qsl(query, strict_parsing=True))
        signature = fields.pop("X-Amz-Signature")
        time = fields["X-Amz-Date"]
        age = datetime.datetime.utcnow() - datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ")
        scope = "%s/%s/rds-db/aws4_request" % (time[:8], self.region)
        expected = {"Action": "connect", "DBUser": user, "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Expires": "900",
                    "X-Amz-Credential": ACCESS_KEY + "/" + scope, "X-Amz-Date": time, "X-Amz-SignedHeaders": "host",
                    "X-Amz-Security-Token": SESSION_TOKEN}
        text = "&".join("%s=%s" % (urllib.parse.quote(k, safe="-_.~"), urllib.parse.quote(v, safe="-_.~"))
                        for k, v in sorted(fields.items()))
        request = "GET\n/\n%s\nhost:%s\n\nhost\n%s" % (text, place, hashlib.sha256(b"").hexdigest())
        to_sign = "AWS4-HMAC-SHA256\n%s\n%s\n%s" % (time, scope, hashlib.sha256(request.encode()).hexdigest())
        key = ("AWS4" + SECRET_KEY).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        right = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        return (place == self.place and fields == expected and signature == right
                and abs(age) < datetime.timedelta(minutes=15))


def field(data):
    """(tag, content, rest) of BER."""
    length, at = data[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(data[2:at], "big")
    return data[0], data[at:at + length], data[at + length:]


def bind_request(data):
    """(number, name, password) of LDAP's simple bind; no name for anything else."""
    _, message, _ = field(data)
    _, number, message = field(message)
    kind, operation, _ = field(message)
    if kind != 0x60:
        return number[0], None, None
    _, _, operation = field(operation)
    _, name, operation = field(operation)
    _, password, _ = field(operation)
    return number[0], name.decode(), password.decode()

"""Git's smart HTTP over TLS, as `git http-backend` serves it to a web server."""
import base64
import http.server
import os
import ssl
import subprocess
import threading

from support.postgresql import make_certificates


class GitOverHttps:
    """`with GitOverHttps(folder, repositories) as web`: web.url("owner/path"); web.authority signed its certificate.

    With a token, only who sends it as the password is let in."""

    def __init__(self, folder, repositories, token=None):
        self.folder, self.repositories, self.token = folder, repositories, token
        self.authority = folder / "ca.crt"

    def __enter__(self):
        make_certificates(self.folder)
        repositories, token = self.repositories, self.token

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if token and self.headers.get("Authorization") != basic(token):
                    self.send_response(401)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    answer(self, repositories)
            do_POST = do_GET

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.crt", self.folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def url(self, owner_and_path):
        return "https://localhost:%d/%s.git" % (self.server.server_address[1], owner_and_path)


def basic(token):
    return "Basic " + base64.b64encode(("x-access-token:" + token).encode()).decode()


def body_of(request):
    if request.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length") or 0))
    body = b""
    while size := int(request.rfile.readline(), 16):
        body += request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()
    return body


def answer(request, repositories):
    """One request, as RFC 3875 hands it to a program."""
    path, _, query = request.path.partition("?")
    variables = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(repositories), "GIT_HTTP_EXPORT_ALL": "1",
                 "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
                 "REQUEST_METHOD": request.command, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
                 "CONTENT_TYPE": request.headers.get("Content-Type", ""),
                 "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
                 "GIT_PROTOCOL": request.headers.get("Git-Protocol", "")}
    run = subprocess.run(["git", "http-backend"], input=body_of(request), env=variables, capture_output=True)
    head, _, body = run.stdout.partition(b"\r\n\r\n")
    fields = [line.split(": ", 1) for line in head.decode().splitlines()]
    request.send_response(int(dict(fields).get("Status", "200").split()[0]))
    for name, value in fields:
        if name != "Status":
            request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)

"""Secrets Manager as moto plays it, served over HTTP from a thread of the test run."""
import http.client
import http.server
import json
import threading

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-west-2"


class SecretsManager:
    """`with SecretsManager() as aws`: aws.url is the endpoint; anybody's credentials are welcome."""

    def __enter__(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.url = "http://127.0.0.1:%d" % self.server.get_host_and_port()[1]
        self.client = boto3.client("secretsmanager", endpoint_url=self.url, region_name=REGION,
                                   aws_access_key_id="AKIATEST", aws_secret_access_key="test")
        return self

    def __exit__(self, *_):
        self.server.stop()

    def put(self, name, value):
        """Sets a secret: a str as it is, bytes as binary, anything else as JSON."""
        if isinstance(value, bytes):
            content = {"SecretBinary": value}
        else:
            content = {"SecretString": value if isinstance(value, str) else json.dumps(value)}
        try:
            self.client.create_secret(Name=name, **content)
        except self.client.exceptions.ResourceExistsException:
            self.client.put_secret_value(SecretId=name, **content)

    def environment(self):
        """What a task has to find its way here."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "test"}


class KeepAlive:
    """`with KeepAlive(aws)`: stands before moto and, as the real service but not moto does, keeps connections open."""

    def __init__(self, aws):
        self.target = aws.url.removeprefix("http://")

    def __enter__(self):
        front = self
        front.connections = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                front.connections += 1

            def do_POST(self):
                behind = http.client.HTTPConnection(front.target)
                behind.request("POST", self.path, self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers))
                answer = behind.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(body)))
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

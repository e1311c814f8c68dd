"""CloudFormation before moto, which never fails and knows change sets only partly.

What is asked of any service goes on to moto; the answers of one operation can be replaced by the shapes that AWS documents.
"""
import http.client
import http.server
import threading
import urllib.parse

STACK_ID = "arn:aws:cloudformation:us-west-2:123456789012:stack/dunlin/0e3b"


def answer(operation, inner):
    return "<%sResponse><%sResult>%s</%sResult></%sResponse>" % (operation, operation, inner, operation, operation)


def fault(code, message):
    return "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>" % (code, message)


def event(number, name, kind, status, reason=""):
    return ("<member><EventId>%d</EventId><Timestamp>2026-11-23T05:00:%02d.000Z</Timestamp><LogicalResourceId>%s</LogicalResourceId>"
            "<ResourceType>AWS::%s</ResourceType><ResourceStatus>%s</ResourceStatus><ResourceStatusReason>%s</ResourceStatusReason>"
            "</member>" % (number, number, name, kind, status, reason))


class CloudFormation:
    """`with CloudFormation(aws) as front`: front.url is the endpoint; front.replace("ExecuteChangeSet", 400, text)."""

    def __init__(self, aws):
        self.target, self.replaced, self.asked = aws.url.removeprefix("http://"), {}, []

    def replace(self, operation, status, *texts):
        """Answers an operation by these texts in turn, the last one again and again; None is what moto says."""
        self.replaced[operation] = (status, list(texts))

    def _replacement(self, operation):
        if operation not in self.replaced:
            return None
        status, texts = self.replaced[operation]
        text = texts.pop(0) if len(texts) > 1 else texts[0]
        return None if text is None else (status, text.encode())

    def __enter__(self):
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                operation = urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
                front.asked.append(operation)
                status, text = front._replacement(operation) or self.forward(body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def forward(self, body):
                behind = http.client.HTTPConnection(front.target)
                behind.request("POST", self.path, body, dict(self.headers))
                answer = behind.getresponse()
                return answer.status, answer.read()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

"""A server in the place of AWS for tests of snapshots: moto behind, and before it what moto never shows."""
import http.client
import http.server
import re
import threading
import urllib.parse


class Rds:
    """`with Rds(aws)`: hands everything on to moto, and says of RDS's things for a while that they are being made.

    moto makes them at once. As Amazon RDS API Reference has it they are "creating", with PercentProgress, until they
    are "available"; `looks` is how often they are looked at until then. `asked` keeps all questions, as dictionaries;
    `answers` may hold (status, code, message) for an action, which then fails.
    """

    def __init__(self, aws, looks=1):
        self.target, self.looks, self.seen, self.asked, self.answers = aws.url.removeprefix("http://"), looks, {}, [], {}
        self.stands_still = False  # the list gives the same page for ever
        self.page = 0  # how many snapshots stand on one page of the list; 0: all
        self.ends = {}  # an identifier -> the state in which it ends instead of "available"

    def __enter__(self):
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = front.answer(self.path, body, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, body, headers):
        question = {}
        if b"Action=" in body:
            question = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}
            self.asked.append(question)
            if question["Action"] in self.answers:
                status, code, message = self.answers[question["Action"]]
                return status, ("<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
                                % (code, message)).encode()
        behind = http.client.HTTPConnection(self.target)
        behind.request("POST", path, body, headers)
        answer = behind.getresponse()
        text = answer.read()
        name = question.get("DBClusterSnapshotIdentifier") or question.get("DBSnapshotIdentifier") or \
            question.get("DBInstanceIdentifier") or question.get("DBClusterIdentifier")
        if question.get("Action") == "DescribeDBClusterSnapshots" and self.page:
            text = self.page_of(text.decode(), int(question.get("Marker", "0"))).encode()
        if question.get("Action", "").startswith("Describe") and name in self.made():
            text = self.rewritten(text.decode(), name).encode()
        return answer.status, text

    def page_of(self, text, start):
        """Some of a list, and a Marker if there are more: moto never pages this one."""
        each = re.findall(r"<DBClusterSnapshot>.*?</DBClusterSnapshot>", text, re.DOTALL)
        start = 0 if self.stands_still else start
        marker = "<Marker>%d</Marker>" % (start + self.page) if start + self.page < len(each) else ""
        return re.sub(r"<DBClusterSnapshots>.*</DBClusterSnapshots>", marker + "<DBClusterSnapshots>%s</DBClusterSnapshots>"
                      % "".join(each[start:start + self.page]), text, flags=re.DOTALL)

    def made(self):
        """What was made here: only that is being made for a while."""
        keys = {"CreateDBClusterSnapshot": "DBClusterSnapshotIdentifier", "CreateDBSnapshot": "DBSnapshotIdentifier",
                "RestoreDBClusterFromSnapshot": "DBClusterIdentifier", "CreateDBInstance": "DBInstanceIdentifier",
                "RestoreDBInstanceFromDBSnapshot": "DBInstanceIdentifier"}
        return {each[keys[each["Action"]]] for each in self.asked if each["Action"] in keys}

    def rewritten(self, text, name):
        self.seen[name] = self.seen.get(name, 0) + 1
        state = "creating" if self.seen[name] <= self.looks else self.ends.get(name, "available")
        text = re.sub(r"<(Status|DBInstanceStatus)>available</\1>", r"<\1>%s</\1>" % state, text)
        percent = 100 * self.seen[name] // (self.looks + 1)
        return re.sub(r"<PercentProgress>\d+</PercentProgress>", "<PercentProgress>%d</PercentProgress>" % percent, text)

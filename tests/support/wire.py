"""A proxy that reads along what dunlin and PostgreSQL say to each other: it counts round trips, and cuts connections.

A round trip is a wait: the client sends something while no answer to an earlier Sync or Query is due, and then waits for
the server. It is not counted by the timing of packets, so that the count is the same each time. Counting begins when the
login is through.
"""
import socket
import struct
import threading

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102


class Wire:
    """`with Wire(port) as wire`: listens on wire.port of 127.0.0.1.

    cut_client, cut_server: the n-th message (from 1, after the login, of all connections together) that way is not
    passed on any more; both sides of its connection are closed instead.
    """

    def __init__(self, port, cut_client=None, cut_server=None):
        self.server_port, self.cut_client, self.cut_server = port, cut_client, cut_server
        self.round_trips = self.connections = self.from_client = self.from_server = 0
        self.was_cut = threading.Event()
        self.lock, self.sockets = threading.Lock(), []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        for each in list(self.sockets):
            close(each)

    def cut_all(self):
        """Closes all connections there are now; the server notices when it wants to answer."""
        for each in list(self.sockets):
            close(each)

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                return
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets += [client, server]
            self.connections += 1
            Connection(self, client, server)


class Connection:
    def __init__(self, wire, client, server):
        self.wire, self.client, self.server = wire, client, server
        self.logged_in, self.due = False, 0
        for way in (self.up, self.down):
            threading.Thread(target=self.run, args=(way,), daemon=True).start()

    def run(self, way):
        try:
            way()
        except OSError:
            pass
        finally:
            close(self.client)
            close(self.server)

    def up(self):
        while True:  # start-up packets have no type
            head = receive(self.client, 8)
            length, code = struct.unpack("!ii", head)
            self.server.sendall(head + receive(self.client, length - 8))
            if code not in (SSL_REQUEST, GSS_REQUEST):
                break
        while True:
            kind, message = receive_message(self.client)
            with self.wire.lock:
                if self.logged_in and kind != b"X":
                    self.count(kind)
            self.server.sendall(message)

    def count(self, kind):
        wire = self.wire
        if self.due == 0:
            wire.round_trips += 1
            self.due += 0.5  # until its Sync comes, the rest of the burst is the same wait
        if kind in b"SQ":
            self.due = int(self.due) + 1
        wire.from_client += 1
        if wire.from_client == wire.cut_client:
            self.cut()

    def down(self):
        while True:
            kind, message = receive_message(self.server)
            with self.wire.lock:
                if self.logged_in:
                    self.wire.from_server += 1
                    if self.wire.from_server == self.wire.cut_server:
                        self.cut()
                if kind == b"Z":
                    self.due = self.due - 1 if self.logged_in else 0
                    self.logged_in = True
            self.client.sendall(message)

    def cut(self):
        self.wire.was_cut.set()
        raise ConnectionError("cut")


def receive(source, size):
    data = b""
    while len(data) < size:
        piece = source.recv(size - len(data))
        if not piece:
            raise ConnectionError("closed")
        data += piece
    return data


def receive_message(source):
    head = receive(source, 5)
    return head[:1], head + receive(source, struct.unpack("!i", head[1:])[0] - 4)


def close(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    one.close()

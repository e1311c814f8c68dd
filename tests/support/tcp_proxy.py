"""Stands before a server: knows who came, and may make them wait or see another answer."""
import socket
import threading


class TcpProxy:
    """`with TcpProxy(port) as proxy`: proxy.port leads to `port` of 127.0.0.1.

    `before` is called for each connection before the first byte goes on; `change` is given each piece of what the
    server answers, and what it returns is sent.
    """

    def __init__(self, target, before=None, change=None, port=0):
        self.target, self.before, self.change, self.wanted = target, before, change, port
        self.connections, self.came = 0, threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", self.wanted))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            self.came.set()
            threading.Thread(target=self.lead, args=(client,), daemon=True).start()

    def lead(self, client):
        if self.before:
            self.before()
        server = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=pass_on, args=(client, server, None), daemon=True).start()
        pass_on(server, client, self.change)


def pass_on(source, sink, change):
    try:
        while piece := source.recv(65536):
            sink.sendall(change(piece) if change else piece)
    except OSError:
        pass  # one side has gone: so the other goes
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

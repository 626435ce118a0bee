"""A local web server that does wrong whatever a server can do wrong.

Each path is one way to behave; ``BEHAVIOURS`` lists them. A behaviour gets the
connection and the request, and writes raw bytes: some of it is no HTTP at all.
"""

import contextlib
import gzip
import socketserver
import ssl
import struct
import threading
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

PATIENCE = 0.3  # Seconds that a test waits for an answer.
TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: dict = field(default_factory=dict)


def reply(status, *headers, body=b""):
    """Return a behaviour that answers properly."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"])

    def behave(connection, request):
        sent = b"" if request.method == "HEAD" else body
        connection.sendall(head.encode() + b"\r\n\r\n" + sent)

    return behave


def redirect(status, location):
    return reply(f"{status} Elsewhere", f"Location: {location}")


def to_head(behaviour):
    """Return a behaviour that knows GET only, and meets HEAD with another one."""

    def behave(connection, request):
        known = reply("200 OK") if request.method == "GET" else behaviour
        known(connection, request)

    return behave


def raw(*lines):
    """Return a behaviour that writes lines of a header as they are."""
    return lambda connection, request: connection.sendall(b"".join(lines) + b"\r\n")


def want_cookie(connection, request):
    """Send whoever has no cookie round once more."""
    if request.headers.get("cookie") == "seen=yes":
        reply("200 OK")(connection, request)
    else:
        reply("302 Found", "Location: /cookie", "Set-Cookie: seen=yes; Path=/")(
            connection, request
        )


def drip(connection, request):
    """Send the header byte by byte, each of them in time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(40):
        connection.sendall(b"x")
        connection.waiting.wait(PATIENCE / 10)


def say_nothing(connection, request):
    connection.waiting.wait(PATIENCE * 5)


def body_of(chunk, *headers, times=1, pause=0.0):
    """Return a behaviour whose body does not end when it should."""
    head = "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode() + b"\r\n\r\n"

    def behave(connection, request):
        # Even to HEAD, which should have none.
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(chunk)
            connection.waiting.wait(pause)

    return behave


def reset(connection, request):
    """Hang up without a goodbye."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


def garbage(connection, request):
    connection.sendall(b"\x00\x01 this is not HTTP at all\r\n\r\n" * 10)


def with_etag(connection, request):
    """Answer 304 to whoever knows the page."""
    known = request.headers.get("if-none-match") == '"one"'
    status = "304 Not Modified" if known else "200 OK"
    reply(status, 'ETag: "one"')(connection, request)


def counted(connection, request):
    """Count how many ask at once; each of them has to wait a little."""
    server = connection.server
    with server.lock:
        server.under_way += 1
        server.most_under_way = max(server.most_under_way, server.under_way)
    connection.waiting.wait(PATIENCE / 20)
    with server.lock:
        server.under_way -= 1
    reply("200 OK")(connection, request)


BOMB = gzip.compress(bytes(10_000_000))
BEHAVIOURS = {
    "/": reply("200 OK"),
    "/page": reply("200 OK", 'ETag: "one"', "Last-Modified: today"),
    "/same": with_etag,
    "/bad-etag": reply("200 OK", f'ETag: "{"x" * 1000}"'),
    "/301": redirect(301, "/page"),
    "/308": redirect(308, "/301"),
    "/302": redirect(302, "/page"),
    "/307": redirect(307, "/page"),
    "/301-then-302": redirect(301, "/302"),
    "/302-then-301": redirect(302, "/301"),
    "/three-slashes": lambda connection, request: redirect(
        301, f"///127.0.0.1:{connection.server.port}/page"
    )(connection, request),
    "/301-to-404": redirect(301, "/404"),
    "/home": redirect(301, "/"),
    "/folder/relative": redirect(301, "../page#part"),
    "/circle": redirect(302, "/circle"),
    "/endless/": redirect(302, "again/"),
    "/to-file": redirect(301, "file:///etc/passwd"),
    "/to-password": redirect(301, "http://user:secret@127.0.0.1/"),
    "/to-private": redirect(302, "http://10.0.0.1/"),
    "/to-metadata": redirect(302, "http://[::ffff:169.254.169.254]/"),
    "/to-nonsense": redirect(302, "http://[nonsense/"),
    "/nowhere": reply("302 Found"),
    "/401": reply("401 Unauthorized"),
    "/403": reply("403 Forbidden"),
    "/429": reply("429 Too Many Requests", "Retry-After: 3600"),
    "/451": reply("451 Unavailable For Legal Reasons"),
    "/503": reply("503 Service Unavailable"),
    "/503-later": reply("503 Service Unavailable", "Retry-After: 3600"),
    "/404": reply("404 Not Found"),
    "/410": reply("410 Gone"),
    "/418": reply("418 I'm a Teapot"),
    "/500": reply("500 Internal Server Error"),
    "/799": reply("799 Whatever"),
    "/999": reply("999 Request denied"),
    "/405-on-head": to_head(reply("405 Method Not Allowed")),
    "/403-on-head": to_head(reply("403 Forbidden")),
    "/404-on-head": to_head(reply("404 Not Found")),
    "/astray-on-head": to_head(redirect(302, "/404")),
    "/moved-on-head": to_head(redirect(301, "/page")),
    "/home-on-head": to_head(redirect(302, "/")),
    "/silent-on-head": to_head(say_nothing),
    "/cookie": want_cookie,
    # Two pages, told apart by how the comma is written.
    "/a%2Cb": reply("200 OK"),
    "/a,b": redirect(301, "/a%2Cb"),
    "/it%27s": reply("200 OK"),
    "/p%26q": reply("200 OK"),
    "/caf%E9": reply("200 OK"),
    "/caf%C3%A9": reply("200 OK"),
    "/two%20words": reply("200 OK"),
    "/latin-1": raw(b"HTTP/1.1 301 Moved\r\nLocation: /caf\xe9\r\n"),
    "/utf-8": raw("HTTP/1.1 301 Moved\r\nLocation: /café\r\n".encode()),
    "/blank": redirect(301, " /two words "),
    "/backslash": redirect(301, "\\page"),
    "/no-reason": raw(b"HTTP/1.1 200\r\n"),
    "/bare-line-feeds": raw(b"HTTP/1.1 200 OK\nX-One: 1\n"),
    "/old": raw(b"HTTP/1.0 200 OK\r\n"),
    "/early-hints": raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", b"HTTP/1.1 200 OK\r\n"
    ),
    "/silent": say_nothing,
    "/slow-header": drip,
    "/slow-body": body_of(b"x", times=40, pause=PATIENCE / 10),
    "/endless-body": body_of(bytes(65_536), times=10_000),
    "/huge-header": body_of(b"", f"X-Huge: {'x' * 100_000}"),
    "/many-headers": body_of(b"", *(f"X-{n}: x" for n in range(5_000))),
    "/bomb": body_of(BOMB, "Content-Encoding: gzip", f"Content-Length: {len(BOMB)}"),
    "/short": body_of(b"short", "Content-Length: 5000"),
    "/two-lengths": body_of(b"short", "Content-Length: 5", "Content-Length: 6"),
    "/reset": reset,
    "/garbage": garbage,
    "/counted": counted,
}


class MisbehavingServer(socketserver.ThreadingTCPServer):
    """Remembers what it was asked, and how many requests were under way at once."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests = []
        # Of those who ask for /counted.
        self.under_way = self.most_under_way = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def handle_error(self, request, client_address):
        """Say nothing: clients hang up on it all the time."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        connection = _Connection(self.connection, self.server)
        if self.rfile.peek(1)[:1] == TLS_HANDSHAKE:
            reply("400 Bad Request")(connection, Request("GET", "/"))
            return
        method, path, _ = self.rfile.readline(65_536).decode("latin-1").split()
        headers = {}
        while line := self.rfile.readline(65_536).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        request = Request(method, path, headers)
        self.server.requests.append(request)
        known = "/endless/" if path.startswith("/endless/") else path.split("?")[0]
        BEHAVIOURS[known](connection, request)


class _Connection:
    """What a behaviour may do with a socket; all waiting ends with the server."""

    def __init__(self, connection, server):
        self.server = server
        self.waiting = server.closing
        self.sendall = connection.sendall
        self.setsockopt = connection.setsockopt


@contextlib.contextmanager
def serve(*, certificate=None):
    """Yield a running server, over TLS if it has a file with key and certificate."""
    with MisbehavingServer() as server:
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()

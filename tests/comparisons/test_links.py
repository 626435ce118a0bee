"""Asking addresses of servers that do everything wrong."""

import asyncio
import datetime
import socket
from dataclasses import replace
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comparisons.choices import LinkState
from comparisons.links import Limits, ask, is_public
from tests.misbehaving import PATIENCE, serve

LIMITS = Limits(
    total=PATIENCE, connect=PATIENCE, read=PATIENCE, pause=0, redirects=5, header=16_384
)
NOT_HTTP = "The answer is not proper HTTP, or its header is too large."
NOT_PUBLIC = "Leads to an address that is not a public page."


@pytest.fixture(scope="module")
def running():
    with serve() as server:
        yield server


@pytest.fixture
def server(running):
    running.requests.clear()
    running.most_under_way = 0
    return running


def link(url, etag="", last_modified=""):
    return SimpleNamespace(url=url, etag=etag, last_modified=last_modified)


def answers(server, *links, limits=LIMITS):
    """Return the answers by path; the guard lets the server's own port pass."""

    def allow(address, port):
        return is_public(address, port) or (address, port) == server.server_address

    asked = ask(links, agent="Framewise", limits=limits, allow=allow)
    return {link.url.removeprefix(server.url("")): answer for link, answer in asked}


def answer(server, path, **known):
    return answers(server, link(server.url(path), **known))[path]


def self_signed(folder):
    """Return the path of a new certificate with its key, for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "self-signed.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


# Where sockets may connect to


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_address_is_allowed_on_the_ports_of_the_web(address):
    assert is_public(address, 80)
    assert is_public(address, 443)
    assert not is_public(address, 22)
    assert not is_public(address, 8000)


# Of this machine, of private networks, for documentation, or for many at once.
PRIVATE_4 = """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 192.0.2.1 192.168.0.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255
    192.0.0.8 192.88.99.1
"""
# Likewise; some of them hold such an address.
PRIVATE_6 = """
    :: ::1 ::127.0.0.1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::c0a8:1 64:ff9b:1::1 2001::1 2001:db8::1 3fff::1 2620:4f:8000::1
    2a00:1450:4001:800:0:5efe:10.0.0.1 2a00:1450:4001:800:200:5efe:192.168.0.1
    2002:7f00:1:: 2002:c0a8:1::1 fc00::1 fd00::1 fe80::1 fe80::1%1 fec0::1 ff02::1
"""


@pytest.mark.parametrize("address", [*PRIVATE_4.split(), *PRIVATE_6.split()])
def test_address_that_is_not_public_is_refused(address):
    assert not is_public(address, 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "https://127.0.0.1/",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://",
        "nonsense",
        "http://[nonsense/",
    ],
)
def test_no_socket_is_connected_to_this_machine(url, monkeypatch):
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda *args: connected.append(args))

    ((_, found),) = ask([link(url)], agent="Framewise", limits=LIMITS)

    assert (found.state, connected) == (LinkState.ERROR, [])


def test_name_is_resolved_once_and_the_address_that_was_checked_is_used(
    server, monkeypatch
):
    """The second answer of a rebinding name server is never asked for."""
    addresses = iter(["127.0.0.1", "10.0.0.1"])

    def resolve(host, port, *args, **kwargs):
        found = (next(addresses), port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", found)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = f"http://rebinding.example:{server.port}/page"

    assert answers(server, link(url))[url].state == LinkState.OK
    assert next(addresses) == "10.0.0.1"


def test_name_of_a_private_address_is_refused(server, monkeypatch):
    private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.1", 80))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [private])
    url = "http://private.example/"

    assert answers(server, link(url))[url].error == NOT_PUBLIC


def test_unknown_host_is_an_error(server, monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    url = "http://unknown.example/"

    assert answers(server, link(url))[url].error == "The name of its host is not known."


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert answer(server, "/page").state == LinkState.OK


# What answers mean


# Nobody reads the body, so it can do no harm, however long, slow or dense it is.
THERE = """
    /page /302 /307 /302-then-301 /405-on-head /403-on-head /404-on-head /astray-on-head
    /moved-on-head /home-on-head /silent-on-head /cookie /a%2Cb /it%27s /p%26q
    /no-reason /bare-line-feeds /old /early-hints /slow-body /endless-body /bomb /short
"""
BLOCKED = {
    "/401": "Answered 401 Unauthorized.",
    "/403": "Answered 403 Forbidden.",
    "/429": "Answered 429 Too Many Requests.",
    "/451": "Answered 451 Unavailable For Legal Reasons.",
    "/503": "Answered 503 Service Unavailable.",
    "/503-later": "Answered 503 Service Unavailable.",
    "/999": "Answered 999.",
}
ERRORS = {
    "/418": "Answered 418 I'm a Teapot.",
    "/500": "Answered 500 Internal Server Error.",
    "/799": "Answered 799.",
    "/nowhere": "Answered 302 Found.",
    "/home": "Leads to the home page of its host: it may be gone.",
    "/circle": "Redirects in a circle.",
    "/endless/": "Redirects more than 5 times.",
    "/to-nonsense": "It is not an address that can be asked.",
    "/reset": "The connection was closed before an answer came.",
    **dict.fromkeys(("/silent", "/slow-header"), "No answer in time."),
    **dict.fromkeys(
        ["/huge-header", "/many-headers", "/two-lengths", "/garbage"], NOT_HTTP
    ),
    **dict.fromkeys(
        ["/to-file", "/to-password", "/to-private", "/to-metadata"], NOT_PUBLIC
    ),
}


@pytest.mark.parametrize(
    ("path", "state", "error"),
    [
        *((path, LinkState.OK, "") for path in ["/two words", *THERE.split()]),
        *((path, LinkState.BLOCKED, error) for path, error in BLOCKED.items()),
        *((path, LinkState.GONE, "") for path in ("/404", "/410", "/301-to-404")),
        *((path, LinkState.ERROR, error) for path, error in ERRORS.items()),
    ],
)
def test_what_an_answer_means(server, path, state, error):
    found = answer(server, path)

    assert (found.state, found.error, found.moved_to) == (state, error, "")


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("/301", "/page"),
        ("/301#part", "/page#part"),
        ("/308", "/page"),
        ("/folder/relative", "/page#part"),
        ("/a,b", "/a%2Cb"),
        ("/latin-1", "/caf%E9"),
        ("/utf-8", "/caf%C3%A9"),
        ("/blank", "/two%20words"),
        ("/backslash", "/page"),
        ("/three-slashes", "/page"),
        # What is behind a temporary redirect is not for good.
        ("/301-then-302", "/302"),
    ],
)
def test_permanent_redirect_offers_the_new_address(server, path, new):
    found = answer(server, path)

    assert (found.state, found.moved_to) == (LinkState.MOVED, server.url(new))


def test_secure_connection_to_a_plain_port_is_an_error(server):
    url = f"https://127.0.0.1:{server.port}/page"

    found = answers(server, link(url))[url]

    assert found.error == "No secure connection could be made."


def test_certificate_that_nobody_vouches_for_is_an_error(tmp_path):
    with serve(certificate=self_signed(tmp_path)) as server:
        url = f"https://127.0.0.1:{server.port}/page"

        found = answers(server, link(url))[url]

    assert found.error == "The certificate of its host is not valid."
    assert not server.requests


def test_closed_port_is_an_error(server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host, port = closed.getsockname()
        asked = ask(
            [link(f"http://{host}:{port}/")],
            agent="Framewise",
            limits=LIMITS,
            allow=lambda *_: True,
        )

        ((_, found),) = asked

    assert found.error == "Its host cannot be reached."


# Manners


def test_known_page_is_asked_by_condition(server):
    first = answer(server, "/same")
    again = answer(server, "/same", etag=first.etag)

    assert (first.status, again.status) == (200, 304)
    assert again.state == LinkState.OK
    assert again.etag == first.etag == '"one"'


def test_condition_is_not_sent_where_a_redirect_leads(server):
    answer(server, "/302", etag='"one"', last_modified="today")

    _, asked, led_to = server.requests
    assert asked.headers["if-none-match"] == '"one"'
    assert asked.headers["if-modified-since"] == "today"
    assert not {"if-none-match", "if-modified-since"} & led_to.headers.keys()


def test_etag_that_is_too_long_is_forgotten(server):
    assert answer(server, "/bad-etag").etag == ""


def test_head_is_enough_for_a_page_that_is_there(server):
    answer(server, "/page")

    (asked,) = server.requests
    assert (asked.method, asked.headers["user-agent"]) == ("HEAD", "Framewise")


def test_host_gets_one_request_at_a_time(server):
    found = answers(server, *(link(server.url(f"/counted?{n}")) for n in range(4)))

    assert len(found) == 4
    assert server.most_under_way == 1


def test_link_is_answered_before_the_next_one_of_its_host_is_asked(server):
    answers(server, *(link(server.url(path)) for path in ("/404", "/301", "/page")))

    asked = [request.path for request in server.requests]
    assert asked == ["/404", "/404", "/301", "/301", "/page", "/page"]


def test_host_that_had_enough_is_left_alone(server):
    paths = ["/page", "/429", "/301", "/302"]

    found = answers(server, *(link(server.url(path)) for path in paths))

    assert [found[path] for path in paths[2:]] == [None, None]
    assert [asked.path for asked in server.requests] == ["/page", "/429"]


def test_host_gets_a_pause_between_two_requests(server, monkeypatch):
    slept = []
    sleep = asyncio.sleep

    async def note(seconds):
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    limits = replace(LIMITS, pause=60)

    answers(server, link(server.url("/page")), link(server.url("/404")), limits=limits)

    first, second, by_get = slept
    assert first <= 0
    assert 59 < second <= 60
    assert 59 < by_get <= 60

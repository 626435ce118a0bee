"""Whether an address still leads to its page, asked politely and safely.

Editors enter addresses and other hosts answer, so neither is trusted:

- Each socket is checked before it connects, and connects to the address that
  was checked: no name is resolved a second time, and every redirect passes the
  same door.
- Status line and headers answer the question. The body is never read, so it
  does not matter how long, how slow or how densely packed it is.
- Time, redirects and the size of a header are limited, proxies and cookies of
  the environment are not used, and certificates are verified.

A host gets one request at a time with a pause after it, and none any more once
it says that there were too many. ``robots.txt`` is not asked: it speaks to
crawlers, which find their own way from page to page, whereas this follows no
link, keeps no content and asks for one address that an editor cited. A host
that does not want to be asked can say so, and counts as blocked, not as gone.
"""

import asyncio
import ipaddress
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import aiohttp
from yarl import URL

from comparisons.choices import LinkState

PORTS = {80, 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
# The host is there and does not let a program in; the page may well be there.
BLOCKED = {401, 402, 403, 407, 429, 451, 503}
GONE = {404, 410}
# No column holds a longer address.
LONGEST_ADDRESS = 500
LONGEST_VALIDATOR = 200


class Addressed(Protocol):
    """What is asked: an address and what its host said about it last time."""

    url: str
    etag: str
    last_modified: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much patience there is; times are in seconds."""

    total: float = 20  # One request, from the host's name to its last header.
    connect: float = 10
    read: float = 10  # Between two pieces of an answer.
    pause: float = 1  # Between two requests to one host.
    at_once: int = 8  # Requests to different hosts.
    redirects: int = 5
    header: int = 16_384  # Bytes of one line.


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What asking once has shown. ``error`` is a sentence for editors."""

    state: LinkState
    status: int | None = None
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    error: str = ""


class Refused(OSError):
    """The connection would lead to where nobody should be sent."""


class _Resting(Exception):
    """The host has asked for no more requests."""


@dataclass(frozen=True, kw_only=True)
class _Reply:
    status: int
    headers: Mapping[str, str]


def is_public(address: str, port: int) -> bool:
    """Return whether ``address`` is on the public internet and ``port`` is the web's.

    IPv6 addresses that carry an IPv4 address are judged by that one.
    """
    if port not in PORTS:
        return False
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        if ip in NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or ip
    # Python calls these global, though nobody else's page is there.
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False)
    )


def ask(
    links: Iterable[Addressed],
    *,
    agent: str,
    limits: Limits,
    allow: Callable[[str, int], bool] = is_public,
) -> Iterator[tuple[Addressed, Answer | None]]:
    """Yield each link with its answer, as they come.

    The answer is None if the host has meanwhile asked for no more requests.
    ``agent`` is the user agent and tells a host whom to complain to; ``allow``
    says whether a socket may connect to an address and port. No event loop runs
    while the caller has an answer, so the caller may use the database.
    """
    checker = _Checker(agent=agent, limits=limits, allow=allow)
    with asyncio.Runner() as runner:
        answers = checker.answers(links)

        async def following():
            return await anext(answers, None)

        while answered := runner.run(following()):
            yield answered


class _Checker:
    """What one run remembers: whose turn it is, and who wants to be left alone."""

    def __init__(self, *, agent, limits, allow):
        self.agent = agent
        self.limits = limits
        self.allow = allow
        self._places = asyncio.Semaphore(self.limits.at_once)
        # By host: links wait until those before them are answered; requests,
        # which redirects bring from other hosts as well, wait for each other.
        self._queues = defaultdict(asyncio.Lock)
        self._turns = defaultdict(asyncio.Lock)
        self._free_at = defaultdict(float)
        self._resting = set()

    async def answers(self, links):
        async with self._session() as session:

            async def answer(link):
                return link, await self._answer(session, link)

            # As tasks they begin in the order of the links.
            tasks = [asyncio.create_task(answer(link)) for link in links]
            for answered in asyncio.as_completed(tasks):
                yield await answered

    def _session(self):
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                force_close=True,
                use_dns_cache=False,
                socket_factory=self._guarded_socket,
            ),
            timeout=aiohttp.ClientTimeout(
                total=self.limits.total,
                sock_connect=self.limits.connect,
                sock_read=self.limits.read,
            ),
            headers={"User-Agent": self.agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=self.limits.header,
            max_field_size=self.limits.header,
        )

    def _guarded_socket(self, info):
        """Return a socket for the one address in ``info``, or refuse."""
        family, kind, protocol, _, (address, port, *_) = info
        if not self.allow(address, port):
            raise Refused("not a public address")
        return socket.socket(family, kind, protocol)

    async def _answer(self, session, link):
        try:
            async with self._queues[URL(link.url).host]:
                return await self._follow(session, link)
        except _Resting:
            return None
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            return Answer(state=LinkState.ERROR, error=_explain(error))

    async def _follow(self, session, link):
        """Ask ``link`` and wherever it leads, until something else is answered."""
        url, moved_to, for_good = URL(link.url), "", True
        conditions = _conditions(link)
        seen = {url}
        for _ in range(self.limits.redirects + 1):
            reply = await self._ask(session, url, conditions)
            if reply.status not in REDIRECTS or "Location" not in reply.headers:
                return _judge(link, reply, led_to=url, moved_to=moved_to)
            url = _target(url, reply.headers["Location"])
            for_good = for_good and reply.status in PERMANENT
            if for_good:
                moved_to = str(url)
            if url in seen:
                return _error("Redirects in a circle.", reply.status)
            seen.add(url)
            # An ETag says nothing about another address.
            conditions = {}
        return _error(f"Redirects more than {self.limits.redirects} times.")

    async def _ask(self, session, url, headers):
        """Ask by HEAD, and by GET where that is not answered well.

        Some hosts refuse HEAD with 403, 404 or 500 instead of 405, send a body
        with it, or hang up.
        """
        try:
            reply = await self._request(session, "HEAD", url, headers)
        except (aiohttp.ClientResponseError, aiohttp.ServerDisconnectedError):
            reply = None
        if reply is None or (reply.status >= 400 and not _asks_for_rest(reply)):
            reply = await self._request(session, "GET", url, headers)
        return reply

    async def _request(self, session, method, url, headers):
        _refuse_nonsense(url)
        async with self._turns[url.host]:
            if url.host in self._resting:
                raise _Resting
            clock = asyncio.get_running_loop().time
            await asyncio.sleep(self._free_at[url.host] - clock())
            try:
                async with (
                    self._places,
                    session.request(
                        method, url, headers=headers, allow_redirects=False
                    ) as response,
                ):
                    reply = _Reply(status=response.status, headers=response.headers)
            finally:
                self._free_at[url.host] = clock() + self.limits.pause
            if _asks_for_rest(reply):
                self._resting.add(url.host)
            return reply


def _conditions(link):
    """Return the headers that let a host answer “not modified”."""
    conditions = {"If-None-Match": link.etag, "If-Modified-Since": link.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _refuse_nonsense(url):
    if url.scheme not in {"http", "https"} or not url.host:
        raise Refused("not a web address")
    if url.raw_user or url.raw_password:
        raise Refused("a user name or password in the address")


def _target(url, location):
    """Return where a redirect leads; it keeps the fragment if it has none itself."""
    target = url.join(URL(location))
    return target if target.raw_fragment else target.with_fragment(url.fragment or None)


def _asks_for_rest(reply):
    return reply.status == 429 or (
        reply.status == 503 and "Retry-After" in reply.headers
    )


def _judge(link, reply, *, led_to, moved_to):
    """Return what ``reply``, which came from ``led_to``, says about ``link``."""
    status = reply.status
    redirected = led_to != URL(link.url)
    if status in GONE:
        return Answer(state=LinkState.GONE, status=status)
    if status in BLOCKED:
        return Answer(state=LinkState.BLOCKED, status=status, error=_phrase(status))
    unchanged = status == 304 and not redirected and _conditions(link)
    if not (200 <= status < 300 or unchanged):
        return _error(_phrase(status), status)
    if redirected and _is_home_of(led_to, URL(link.url)):
        return _error("Leads to the home page of its host: it may be gone.", status)
    if len(moved_to) > LONGEST_ADDRESS:
        return _error("Moved to an address that is too long to store.", status)
    if moved_to:
        return Answer(state=LinkState.MOVED, status=status, moved_to=moved_to)
    if redirected:
        return Answer(state=LinkState.OK, status=status)
    return Answer(
        state=LinkState.OK,
        status=status,
        etag=_validator(reply, "ETag") or (link.etag if unchanged else ""),
        last_modified=_validator(reply, "Last-Modified")
        or (link.last_modified if unchanged else ""),
    )


def _is_home_of(url, asked):
    """Return whether ``url`` is the front page of the host of a deeper address."""
    hosts = {(one.host or "").removeprefix("www.") for one in (url, asked)}
    return len(hosts) == 1 and url.path == "/" != asked.path


def _validator(reply, name):
    """Return the header, or nothing if it is not fit to be sent back."""
    value = reply.headers.get(name, "")
    fit = value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR
    return value if fit else ""


def _error(sentence, status=None):
    return Answer(state=LinkState.ERROR, status=status, error=sentence)


def _phrase(status):
    try:
        return f"Answered {status} {HTTPStatus(status).phrase}."
    except ValueError:
        return f"Answered {status}."


def _explain(error):
    """Return a sentence for ``error``; its own text is written for programmers."""
    match error:
        case Refused() | aiohttp.ClientConnectorError(os_error=Refused()):
            return "Leads to an address that is not a public page."
        case TimeoutError():
            return "No answer in time."
        case aiohttp.ClientConnectorDNSError():
            return "The name of its host is not known."
        case aiohttp.ClientConnectorCertificateError():
            return "The certificate of its host is not valid."
        case aiohttp.ClientSSLError():
            return "No secure connection could be made."
        case aiohttp.ClientConnectorError():
            return "Its host cannot be reached."
        case aiohttp.ClientResponseError():
            return "The answer is not proper HTTP, or its header is too large."
        case aiohttp.ClientConnectionError():
            return "The connection was closed before an answer came."
        case ValueError():
            return "It is not an address that can be asked."
    return "Its host cannot be reached."

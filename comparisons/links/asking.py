"""Asking addresses: one request to a host at a time, wherever it leads."""

import asyncio
import re
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from comparisons.choices import LinkState
from comparisons.links.guard import Refused, is_public

PERMANENT = {301, 308}
REDIRECTS = PERMANENT | {302, 303, 307}
# The host is there and does not let a program in; the page may well be there.
# LinkedIn answers 999.
BLOCKED = {401, 402, 403, 407, 429, 451, 503, 999}
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


class _Resting(Exception):
    """The host has asked for no more requests."""


@dataclass(frozen=True, kw_only=True)
class _Reply:
    status: int
    headers: Mapping[str, str]


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
        # As tasks they begin in the order of the links.
        tasks = [asyncio.create_task(self._answer(link)) for link in links]
        for answered in asyncio.as_completed(tasks):
            yield await answered

    def _session(self):
        """Return what asks for one link, with cookies that nothing else sees."""
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
            # Unsafe only in that it keeps those of a host without a name.
            cookie_jar=aiohttp.CookieJar(unsafe=True),
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

    async def _answer(self, link):
        try:
            url = written(link.url)
            async with self._queues[url.host], self._session() as session:
                said = await self._said_to_head(session, link, url)
                return link, said or await self._follow(session, link, url)
        except _Resting:
            return link, None
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            return link, Answer(state=LinkState.ERROR, error=_explain(error))

    async def _said_to_head(self, session, link, url):
        """Return the answer to HEAD if it is a plain yes, else None.

        Some hosts refuse HEAD with 403, 404 or 500 instead of 405, lead it
        elsewhere, send a body with it, hang up or never answer.
        """
        try:
            reply = await self._request(session, "HEAD", url, _conditions(link))
        except (aiohttp.ClientError, OSError) as error:
            if not _was_connected(error):
                raise
            return None
        if not (_is_there(reply) or _asks_for_rest(reply)):
            return None
        return _judge(link, reply, led_to=url, moved_to="")

    async def _follow(self, session, link, url):
        """Ask ``url`` and wherever it leads, until something else is answered."""
        asked, conditions = url, _conditions(link)
        moved_to, for_good, reply, seen = "", True, None, []
        for _ in range(self.limits.redirects + 1):
            # Some hosts lead to the same address again, to see a cookie return.
            step = (url, str(session.cookie_jar.filter_cookies(url)))
            if step in seen:
                return _error("Redirects in a circle.", reply.status)
            seen.append(step)
            reply = await self._request(session, "GET", url, conditions)
            target = _target(url, reply)
            if target is None:
                return _judge(link, reply, led_to=url, moved_to=moved_to)
            url = target
            for_good = for_good and reply.status in PERMANENT
            if for_good:
                moved_to = "" if url == asked else str(url)
            # An ETag says nothing about another address.
            conditions = {}
        return _error(f"Redirects more than {self.limits.redirects} times.")

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


def written(address: str) -> URL:
    """Return ``address`` as it is asked: with the escapes that it has, and no others.

    A comma and ``%2C`` may lead to two pages. What cannot stand in an address is
    escaped as browsers do it.

    Raises:
        ValueError: it is no address.
    """
    # Names of other alphabets are turned into those of the name system.
    authority = URL(address).raw_authority
    parts = urlsplit(address)
    path, query, fragment = (
        quote(part.encode("utf-8", "surrogateescape"), safe="%/:@!$&'()*+,;=~?[]|^`{}")
        for part in (parts.path or "/", parts.query, parts.fragment)
    )
    whole = urlunsplit((parts.scheme, authority, path, query, fragment))
    return URL(whole, encoded=True)


def _target(url, reply):
    """Return where ``reply`` leads, if it leads elsewhere.

    It keeps the fragment if it has none itself.
    """
    location = reply.headers.get("Location", "").strip()
    if reply.status not in REDIRECTS or not location:
        return None
    # Browsers take one slash for the other, and three before a host for two.
    before, mark, fragment = location.partition("#")
    before = re.sub("^//+", "//", before.replace("\\", "/"))
    whole = urljoin(str(url), before)
    return written(f"{whole}#{fragment if mark else url.raw_fragment}")


def _is_there(reply):
    return 200 <= reply.status < 300 or reply.status == 304


def _asks_for_rest(reply):
    return reply.status == 429 or (
        reply.status == 503 and "Retry-After" in reply.headers
    )


def _judge(link, reply, *, led_to, moved_to):
    """Return what ``reply``, which came from ``led_to``, says about ``link``."""
    status = reply.status
    asked = written(link.url)
    redirected = led_to != asked
    if status in GONE:
        return Answer(state=LinkState.GONE, status=status)
    if status in BLOCKED:
        return Answer(state=LinkState.BLOCKED, status=status, error=_phrase(status))
    unchanged = status == 304 and not redirected and _conditions(link)
    if not (_is_there(reply) and (status != 304 or unchanged)):
        return _error(_phrase(status), status)
    if redirected and _is_home_of(led_to, asked):
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


def _was_connected(error):
    """Return whether the host was reached, so that another method may do better."""
    return not isinstance(
        error, (Refused, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    )


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

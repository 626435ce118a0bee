"""One way to drive a sample, whatever its framework.

Most samples are a WSGI or an ASGI application called `app`, and are driven as such.
A framework that needs more has an adapter of its own, named in ADAPTERS.
"""

import asyncio
import atexit
import importlib
import inspect
import json
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property, partial
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlencode, urljoin, urlsplit

REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Page:
    """An answer, and the address it was found at."""

    path: str
    status: int
    headers: Mapping
    text: str

    @property
    def json(self):
        assert self.headers["Content-Type"].startswith("application/json")
        return json.loads(self.text)

    @property
    def redirect(self):
        """The address this answer sends its visitor to, if it does."""
        if self.status in REDIRECTS:
            address = urlsplit(urljoin(self.path, self.headers["Location"]))
            return address._replace(scheme="", netloc="").geturl()

    def link(self, pattern):
        """Return the first linked address in which the pattern is found."""
        for address in re.findall(r'href="([^"]*)"', self.text):
            if re.search(pattern, address):
                return urljoin(self.path, unescape(address))
        raise AssertionError(f"{self.path} has no link to {pattern}")

    def hidden_fields(self):
        """Return what a browser sends along unasked, such as a CSRF token."""
        inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', self.text)
        attributes = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in inputs]
        return {tag["name"]: unescape(tag.get("value", "")) for tag in attributes}


class Adapter:
    """A sample at work, which each subclass knows how to `send` a request to."""

    search_parameter = "search"
    test_options = ()

    def __init__(self, module):
        self.module = module

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, content="", content_type="application/json"):
        return self.send("POST", path, content, content_type)

    def upload(self, path, field, file_name, content):
        """Send a text file as a browser sends it from a field of a form."""
        names = f'name="{field}"; filename="{file_name}"'
        body = (
            "--limit\r\n"
            f"Content-Disposition: form-data; {names}\r\n"
            "Content-Type: text/plain\r\n"
            f"\r\n{content}\r\n"
            "--limit--\r\n"
        )
        return self.post(path, body, "multipart/form-data; boundary=limit")

    def visit(self, path):
        """Get a page as a browser does, going where it is sent."""
        page = self.get(path)
        return self.visit(page.redirect) if page.redirect else page

    def submit(self, page, **fields):
        """Fill in the form on a page and go where its answer sends."""
        content = urlencode(page.hidden_fields() | fields)
        answer = self.post(page.path, content, "application/x-www-form-urlencoded")
        return self.visit(answer.redirect) if answer.redirect else answer

    def send(self, method, path, content="", content_type=""):
        """Return a Page, keeping cookies and following no redirect."""
        raise NotImplementedError

    def watch(self, method, path, on_part, is_done=lambda: True):
        """Call on_part with each part of the answer's body as it arrives.

        Keep the sample at work until all is done; return the answer's status.
        """
        raise NotImplementedError

    def context(self):
        """Return the context in which the sample's own functions run."""
        return nullcontext()

    def call(self, name, *arguments):
        """Call a function of the sample."""
        return getattr(self.module, name)(*arguments)

    def add_user(self, username, password):
        """Store a user; a sample that keeps its own users needs no help."""

    @staticmethod
    def migrate():
        """Create and apply a migration by the commands that the note gives."""
        raise NotImplementedError

    def run_tests(self, file):
        """Run the tests in the sample by the command that the note gives."""
        run_python("-m", "pytest", "-p", "no:cacheprovider", *self.test_options, file)


class WsgiAdapter(Adapter):
    def __init__(self, module):
        from werkzeug.test import Client

        super().__init__(module)
        self.app = self.find_app()
        self.client = Client(self.app)

    def find_app(self):
        return self.module.app

    def send(self, method, path, content="", content_type=""):
        answer = self.client.open(
            path, method=method, data=content, content_type=content_type
        )
        return Page(path, answer.status_code, answer.headers, answer.text)

    def watch(self, method, path, on_part, is_done=lambda: True):
        from werkzeug.test import create_environ, run_wsgi_app

        environment = create_environ(path, method=method)
        parts, status, _ = run_wsgi_app(self.app, environment)
        for part in parts:
            on_part(part)
        wait_until(is_done)
        return int(status.partition(" ")[0])


class AsgiAdapter(Adapter):
    def __init__(self, module):
        from starlette.testclient import TestClient

        super().__init__(module)
        self.open_client = partial(TestClient, follow_redirects=False)
        self.client = self.open_client(module.app)

    def send(self, method, path, content="", content_type=""):
        headers = {"Content-Type": content_type} if content_type else {}
        answer = self.client.request(method, path, content=content, headers=headers)
        return Page(path, answer.status_code, answer.headers, answer.text)

    def watch(self, method, path, on_part, is_done=lambda: True):
        async def watched_app(scope, receive, send):
            async def watched_send(message):
                await send(message)
                if message.get("body"):
                    on_part(message["body"])

            # Falcon wants the version, which Starlette's client does not tell.
            scope.setdefault("asgi", {"version": "3.0"})
            await self.module.app(scope, receive, watched_send)

        with self.open_client(watched_app) as client:
            answer = client.request(method, path)
            wait_until(is_done)
        return answer.status_code

    def context(self):
        """Return a context between the startup and the shutdown of the app."""
        return self.client

    def call(self, name, *arguments):
        function = getattr(self.module, name)
        if inspect.iscoroutinefunction(function):
            return self.client.portal.call(function, *arguments)
        return function(*arguments)


class AiohttpAdapter(Adapter):
    """A server of its own, in a thread, as aiohttp speaks neither WSGI nor ASGI."""

    def __init__(self, module):
        super().__init__(module)
        # aiohttp-session 2.12 keeps the session under a name that is a plain text.
        warnings.filterwarnings("ignore", "It is recommended to use web.RequestKey")

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    @cached_property
    def loop(self):
        loop = asyncio.new_event_loop()
        Thread(target=loop.run_forever, daemon=True).start()
        return loop

    @cached_property
    def client(self):
        return self.run(self.open_client())

    async def open_client(self):
        from aiohttp.test_utils import TestClient, TestServer

        client = TestClient(TestServer(self.module.app))
        await client.start_server()
        atexit.register(lambda: self.run(client.close()))
        return client

    def request(self, method, path, **options):
        return self.client.request(method, path, allow_redirects=False, **options)

    def send(self, method, path, content="", content_type=""):
        headers = {"Content-Type": content_type} if content_type else {}
        body = content.encode() or None
        request = self.request(method, path, data=body, headers=headers)

        async def fetch():
            async with request as answer:
                return Page(path, answer.status, answer.headers, await answer.text())

        return self.run(fetch())

    def watch(self, method, path, on_part, is_done=lambda: True):
        request = self.request(method, path)

        async def fetch():
            async with request as answer:
                async for part in answer.content.iter_any():
                    on_part(part)
                return answer.status

        status = self.run(fetch())
        wait_until(is_done)
        return status

    def context(self):
        return nullcontext(self.client)

    def call(self, name, *arguments):
        return self.run(super().call(name, *arguments))


class DjangoAdapter(WsgiAdapter):
    search_parameter = "q"

    def find_app(self):
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()

    def add_user(self, username, password):
        from django.conf import settings
        from django.contrib.auth.models import User

        if settings.MIGRATION_MODULES:
            self.migrate()
        else:
            run_python("django_app.py", "migrate")
        User.objects.create_superuser(username, password=password)

    @staticmethod
    def migrate():
        Path("migrations").mkdir(exist_ok=True)
        run_python("django_app.py", "makemigrations", "shop")
        run_python("django_app.py", "migrate")

    def run_tests(self, file):
        run_python(file, "test", "__main__")


class FlaskAdapter(WsgiAdapter):
    def context(self):
        return self.module.app.app_context()

    @staticmethod
    def migrate():
        database = ["-m", "flask", "--app", "flask_app", "db"]
        if not Path("migrations").exists():
            run_python(*database, "init")
        run_python(*database, "migrate")
        run_python(*database, "upgrade")


class QuartAdapter(AsgiAdapter):
    test_options = ("-p", "anyio")


class TornadoAdapter(Adapter):
    """A sample whose main() serves it, here on a port that is free."""

    def __init__(self, module):
        super().__init__(module)
        self.cookies = SimpleCookie()
        self.runner = asyncio.Runner()
        atexit.register(self.runner.close)

    @cached_property
    def port(self):
        return self.runner.run(self.start())

    async def start(self):
        """Start the sample's main() and return the port it listens on."""
        listening = asyncio.get_running_loop().create_future()
        self.main = asyncio.create_task(self.serve(listening))
        await asyncio.wait([listening, self.main], return_when="FIRST_COMPLETED")
        return listening.result() if listening.done() else self.main.result()

    async def serve(self, listening):
        from tornado.httpserver import HTTPServer
        from tornado.testing import bind_unused_port

        def listen(port):
            socket, free_port = bind_unused_port()
            server.add_socket(socket)
            listening.set_result(free_port)

        server = HTTPServer(self.module.app)
        self.module.app.listen = listen
        try:
            await self.module.main()
        finally:
            server.stop()
            await server.close_all_connections()

    def send(self, method, path, content="", content_type=""):
        headers = {"Content-Type": content_type} if content_type else {}
        answer = self.fetch(method, path, headers, body=content or None)
        return Page(path, answer.code, answer.headers, answer.body.decode())

    def watch(self, method, path, on_part, is_done=lambda: True):
        answer = self.fetch(method, path, {}, streaming_callback=on_part)
        self.runner.run(asyncio.to_thread(wait_until, is_done))
        return answer.code

    def fetch(self, method, path, headers, **options):
        from tornado.httpclient import AsyncHTTPClient

        async def fetch():
            return await AsyncHTTPClient().fetch(
                address,
                method=method,
                headers=headers,
                follow_redirects=False,
                raise_error=False,
                allow_nonstandard_methods=True,  # Such as a POST without a body.
                **options,
            )

        address = f"http://127.0.0.1:{self.port}{path}"
        cookies = [cookie.OutputString([]) for cookie in self.cookies.values()]
        headers["Cookie"] = "; ".join(cookies)
        answer = self.runner.run(fetch())
        for cookie in answer.headers.get_list("Set-Cookie"):
            self.cookies.load(cookie)
        return answer

    def call(self, name, *arguments):
        assert self.port  # By now main() has made what the function needs.
        return self.runner.run(getattr(self.module, name)(*arguments))


class SanicAdapter(AsgiAdapter):
    # sanic-testing imports an old part of websockets.
    test_options = ("-p", "anyio", "-W", "ignore:websockets.legacy is deprecated")

    def __init__(self, module):
        super().__init__(module)
        warnings.filterwarnings("ignore", "websockets.legacy is deprecated")
        # This rewriting of Sanic's own methods works only at a first start.
        module.app.config.TOUCHUP = False

    def send(self, method, path, content="", content_type=""):
        """Start the application, which Sanic needs, anew for each request."""
        self.module.app.router.reset()
        self.module.app.signal_router.reset()
        with self.client:
            return super().send(method, path, content, content_type)


ADAPTERS = {
    "aiohttp": AiohttpAdapter,
    "django": DjangoAdapter,
    "flask": FlaskAdapter,
    "quart": QuartAdapter,
    "sanic": SanicAdapter,
    "tornado": TornadoAdapter,
}


def open_sample(framework):
    """Import the framework's sample and put it to work, without its log."""
    logging.disable(logging.WARNING)
    sys.path.insert(0, str(Path.cwd()))
    module = importlib.import_module(f"{framework}_app")
    if framework in ADAPTERS:
        return ADAPTERS[framework](module)
    is_asgi = inspect.iscoroutinefunction(module.app.__call__)
    return AsgiAdapter(module) if is_asgi else WsgiAdapter(module)


def wait_until(is_done, seconds=10):
    limit = monotonic() + seconds
    while not is_done():
        assert monotonic() < limit, "The work after the answer is not done."
        sleep(0.05)


def run_python(*arguments):
    """Run Python in a process of its own, quiet unless it fails."""
    process = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr

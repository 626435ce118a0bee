"""Measure one-route applications of all frameworks in one session.

    python -m tests.measure FOLDER

installs each framework alone into a virtual environment below FOLDER and prints,
as JSON, what `fixtures/` cites as “Framewise measurements”: installed size,
start, memory and in-process calls. Rounds take the frameworks in turn and the
best of all rounds counts, in processor time, so that a busy machine disturbs
little and all alike. Compare the figures only with each other: start and memory
as multiples of the bare interpreter, calls as shares of the fastest.
"""

import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROUNDS = 20
CALLS = 3000

# Each program ends with `app`, the WSGI or ASGI callable, or None where the
# framework brings a server of its own.
APPS = {
    "django": """
import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
django.setup()
urlpatterns = [path("", lambda request: HttpResponse("Hello"))]
app = WSGIHandler()
""",
    "flask": """
from flask import Flask
app = Flask(__name__)
@app.route("/")
def hello():
    return "Hello"
""",
    "bottle": """
from bottle import Bottle
app = Bottle()
@app.route("/")
def hello():
    return "Hello"
""",
    "pyramid": """
from pyramid.config import Configurator
from pyramid.response import Response
with Configurator() as config:
    config.add_route("hello", "/")
    config.add_view(lambda request: Response("Hello"), route_name="hello")
    app = config.make_wsgi_app()
""",
    "falcon": """
import falcon
class Hello:
    def on_get(self, request, response):
        response.text = "Hello"
app = falcon.App()
app.add_route("/", Hello())
""",
    "fastapi": """
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
app = FastAPI()
@app.get("/", response_class=PlainTextResponse)
async def hello():
    return "Hello"
""",
    "starlette": """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def hello(request):
    return PlainTextResponse("Hello")
app = Starlette(routes=[Route("/", hello)])
""",
    "litestar": """
from litestar import Litestar, MediaType, get
@get("/", media_type=MediaType.TEXT)
async def hello() -> str:
    return "Hello"
app = Litestar([hello])
""",
    "quart": """
from quart import Quart
app = Quart(__name__)
@app.route("/")
async def hello():
    return "Hello"
""",
    "sanic": """
from sanic import Sanic
from sanic.response import text
app = Sanic("hello")
@app.get("/")
async def hello(request):
    return text("Hello")
""",
    "tornado": """
import tornado.web
class Hello(tornado.web.RequestHandler):
    def get(self):
        self.write("Hello")
tornado.web.Application([("/", Hello)])
app = None
""",
    "aiohttp": """
from aiohttp import web
async def hello(request):
    return web.Response(text="Hello")
application = web.Application()
application.add_routes([web.get("/", hello)])
app = None
""",
}
WSGI = {"django", "flask", "bottle", "pyramid", "falcon"}

CALL_WSGI = """
{app}
import time
from wsgiref.util import setup_testing_defaults
def call():
    environ = {{}}
    setup_testing_defaults(environ)
    status = []
    body = app(environ, lambda s, h, e=None: status.append(s))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    assert status[0].startswith("200") and content == b"Hello", (status, content)
call()
begin = time.process_time()
for _ in range({calls}):
    call()
print({calls} / (time.process_time() - begin))
"""

CALL_ASGI = """
{app}
import asyncio, time
scope = {{"type": "http", "asgi": {{"version": "3.0"}}, "http_version": "1.1",
    "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"",
    "root_path": "", "scheme": "http", "headers": [(b"host", b"localhost")],
    "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {{}},
    "extensions": {{}}}}
async def call():
    sent = []
    answered = asyncio.Event()
    messages = [{{"type": "http.request", "body": b"", "more_body": False}}]
    async def receive():
        # Like a server: the request, then nothing until the answer is out.
        if messages:
            return messages.pop()
        await answered.wait()
        return {{"type": "http.disconnect"}}
    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()
    await app(dict(scope), receive, send)
    content = b"".join(m.get("body", b"") for m in sent)
    assert sent[0]["status"] == 200 and content == b"Hello", sent
async def start_up():
    messages = asyncio.Queue()
    await messages.put({{"type": "lifespan.startup"}})
    done = asyncio.Event()
    async def send(message):
        done.set()
    task = asyncio.ensure_future(
        app({{"type": "lifespan", "asgi": {{"version": "3.0"}}, "state": {{}}}},
            messages.get, send))
    await asyncio.wait({{task, asyncio.ensure_future(done.wait())}},
                       return_when=asyncio.FIRST_COMPLETED)
async def main():
    await start_up()
    await call()
    begin = time.process_time()
    for _ in range({calls}):
        await call()
    print({calls} / (time.process_time() - begin), flush=True)
    import os
    os._exit(0)
asyncio.run(main())
"""


def main(folder):
    pythons = {name: install(folder / name, name) for name in APPS}
    bare = install(folder / "bare", None)
    figures = {name: {"start": [], "memory": [], "calls": []} for name in APPS}
    base = {"start": [], "memory": []}
    for _ in range(ROUNDS):
        add(base, whole_process(bare, "pass"))
        for name, app in APPS.items():
            add(figures[name], whole_process(pythons[name], app))
            if not app.rstrip().endswith("app = None"):
                template = CALL_WSGI if name in WSGI else CALL_ASGI
                figures[name]["calls"].append(
                    float(run(pythons[name], template.format(app=app, calls=CALLS)))
                )
    result = {"bare": {"start_ms": best_ms(base), "memory_mib": typical_mib(base)}} | {
        name: {
            "packages": packages(pythons[name]),
            "installed_mb": installed_mb(folder / name),
            "start_ms": best_ms(measured),
            "memory_mib": typical_mib(measured),
            "calls_per_second": round(max(measured["calls"], default=0)) or None,
            "calls_range": [
                round(min(measured["calls"])),
                round(max(measured["calls"])),
            ]
            if measured["calls"]
            else None,
        }
        for name, measured in figures.items()
    }
    print(json.dumps(result, indent=2))


def install(folder, name):
    """Return the Python of an environment that holds ``name`` and nothing else."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        if name:
            subprocess.run([python, "-m", "pip", "install", "-q", name], check=True)
    return python


def run(python, program):
    done = subprocess.run(
        [python, "-c", program], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout.strip().splitlines()[-1]


def whole_process(python, app):
    """Return processor time (s) and peak memory (KiB) of a process that ends."""
    timer = (
        "import resource, subprocess, sys; "
        "subprocess.run([sys.executable, '-c', sys.argv[1]], check=True); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    done = subprocess.run(
        [python, "-c", timer, app],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    processor, peak = done.stdout.split()
    return float(processor), int(peak)


def add(figures, measured):
    figures["start"].append(measured[0])
    figures["memory"].append(measured[1])


def best_ms(figures):
    return round(1000 * min(figures["start"]))


def typical_mib(figures):
    return round(statistics.median(figures["memory"]) / 1024, 1)


def packages(python):
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return [name for name in listed if not name.startswith("pip=")]


def installed_mb(folder):
    """Return the size of site-packages without pip and without byte code."""
    (site_packages,) = folder.glob("lib/python*/site-packages")
    size = sum(
        path.stat().st_size
        for path in site_packages.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and path.relative_to(site_packages).parts[0].split("-")[0].split(".")[0]
        != "pip"
    )
    return round(size / 1e6, 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Sanic answers an ASGI request, but none without a raw path, as Mangum makes them."""

import asyncio
from contextlib import suppress

from sanic import Sanic, text

app = Sanic("Shop")
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "root_path": "",
    "scheme": "https",
    "query_string": b"",
    "headers": [],
    "server": ("127.0.0.1", 443),
    "client": ("127.0.0.1", 0),
}


@app.get("/")
async def hello(request):
    return text("Hello, world!")


async def ask(raw_path):
    """Start the application as a server does, send one request, return its status."""
    sent, signals = [], asyncio.Queue()
    await signals.put({"type": "lifespan.startup"})

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    started = asyncio.create_task(app({"type": "lifespan"}, signals.get, send))
    while not sent:
        await asyncio.sleep(0)
    await app(SCOPE | {"raw_path": raw_path}, receive, send)
    started.cancel()
    return sent[1]["status"]


assert asyncio.run(ask(b"/")) == 200
with suppress(AttributeError, TypeError):
    asyncio.run(ask(None))
    raise AssertionError("It does without a raw path.")

"""The ASGI client of sanic-testing 24.6 asks an application of Sanic 25.12."""

import asyncio
from importlib.metadata import version

from sanic import Sanic, text

app = Sanic("Shop")


@app.get("/")
async def hello(request):
    return text("Hello, world!")


_, answer = asyncio.run(app.asgi_client.get("/"))

assert version("sanic-testing").startswith("24.6")
assert version("sanic").startswith("25.12")
assert answer.text == "Hello, world!"

"""sanic-ext cannot be imported without Pydantic; with it, it refuses what is wrong."""

import asyncio
import sys
from dataclasses import dataclass

from sanic import Sanic, text

# As if it were not installed.
sys.modules["pydantic"] = None
try:
    from sanic_ext import validate
except ImportError:
    pass
else:
    raise AssertionError("It does without Pydantic.")
for name in [
    name for name in sys.modules if name.startswith(("sanic_ext", "pydantic"))
]:
    del sys.modules[name]

from sanic_ext import validate  # noqa: E402

app = Sanic("Shop")


@dataclass
class Order:
    amount: int


@app.post("/")
@validate(json=Order)
async def order(request, body):
    return text(f"{body.amount} ordered")


async def send(content):
    _, answer = await app.asgi_client.post("/", json=content)
    return answer


assert asyncio.run(send({"amount": 3})).text == "3 ordered"
assert asyncio.run(send({})).status == 400

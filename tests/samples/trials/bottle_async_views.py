"""Bottle does not await a view that is async; asyncio.run inside a view works."""

import asyncio
import warnings

from bottle import Bottle
from webtest import TestApp

app = Bottle()


@app.get("/awaited/")
async def awaited():
    return "never said"


@app.get("/run/")
def run():
    return asyncio.run(told())


async def told():
    return "said"


# Nobody awaits the coroutine of the first view.
warnings.simplefilter("ignore")
browser = TestApp(app)

assert browser.get("/awaited/", status="*").status_code == 500
assert browser.get("/run/").text == "said"

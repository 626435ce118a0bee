"""Pyramid refuses what an async view returns; asyncio.run inside a view works."""

import asyncio
import warnings
from contextlib import suppress

from pyramid.config import Configurator
from pyramid.response import Response
from webtest import TestApp


async def awaited(request):
    return Response("never said")


def run(request):
    return Response(asyncio.run(told()))


async def told():
    return "said"


# Nobody awaits the coroutine of the first view.
warnings.simplefilter("ignore")
config = Configurator()
for view in (awaited, run):
    config.add_route(view.__name__, f"/{view.__name__}/")
    config.add_view(view, route_name=view.__name__)
browser = TestApp(config.make_wsgi_app())

assert browser.get("/run/").text == "said"
with suppress(ValueError):
    browser.get("/awaited/")
    raise AssertionError("The coroutine was taken for a response.")

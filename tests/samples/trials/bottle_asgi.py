"""asgiref runs a Bottle application as an ASGI one, in threads, without WebSockets."""

import threading
from contextlib import suppress

from asgiref.wsgi import WsgiToAsgi
from bottle import Bottle
from starlette.testclient import TestClient

app = Bottle()
threads = set()


@app.get("/")
def hello():
    threads.add(threading.current_thread())
    return "Hello, world!"


client = TestClient(WsgiToAsgi(app))

assert client.get("/").text == "Hello, world!"
assert threading.main_thread() not in threads
with suppress(ValueError), client.websocket_connect("/"):
    raise AssertionError("A WebSocket was opened.")

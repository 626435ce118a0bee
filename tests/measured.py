"""What `tests.measure` runs in the environment of one framework, and nothing else.

    python tests/measured.py FRAMEWORK [CALLS]

imports the framework's hello-world sample and, given a number of calls, prints how
many it answers in a second of processor time.
"""

import sys
import time

BODY = b"Hello, world!"
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "root_path": "",
    "scheme": "http",
    "headers": [(b"host", b"localhost")],
    "client": ("127.0.0.1", 1),
    "server": ("127.0.0.1", 80),
    "state": {},
    "extensions": {},
}


def load(name):
    """Return the application of the sample; Django makes it of the settings there."""
    sample = __import__(f"{name}_app")
    if name == "django":
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()
    return sample.app


def call_wsgi(app):
    from wsgiref.util import setup_testing_defaults

    environ = {}
    setup_testing_defaults(environ)
    status = []
    body = app(environ, lambda s, h, e=None: status.append(s))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    assert (status[0][:3], content) == ("200", BODY)


def count_wsgi(app, calls):
    call_wsgi(app)
    begin = time.process_time()
    for _ in range(calls):
        call_wsgi(app)
    return calls / (time.process_time() - begin)


async def call_asgi(app):
    import asyncio

    sent = []
    answered = asyncio.Event()
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        # Like a server: the request, then nothing until the answer is out.
        if messages:
            return messages.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    await app(dict(SCOPE), receive, send)
    content = b"".join(message.get("body", b"") for message in sent)
    assert (sent[0]["status"], content) == (200, BODY)


async def start(app):
    """Start the application up, and never shut it down."""
    import asyncio

    messages = asyncio.Queue()
    await messages.put({"type": "lifespan.startup"})
    started = asyncio.Event()

    async def send(message):
        started.set()

    scope = {"type": "lifespan", "asgi": SCOPE["asgi"], "state": {}}
    tasks = [
        asyncio.ensure_future(app(scope, messages.get, send)),
        asyncio.ensure_future(started.wait()),
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def count_asgi(app, calls):
    await start(app)
    await call_asgi(app)
    begin = time.process_time()
    for _ in range(calls):
        await call_asgi(app)
    return calls / (time.process_time() - begin)


def main(name, calls=None):
    app = load(name)
    if calls is None:
        return
    import asyncio
    import inspect
    import os

    if inspect.iscoroutinefunction(app.__call__):
        print(asyncio.run(count_asgi(app, int(calls))), flush=True)
        os._exit(0)
    print(count_wsgi(app, int(calls)))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Requests by the thousand, sent by wrk."""

import http.client
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from comparisons.measuring.processes import LOAD_CORE

SCRIPT = Path(__file__).with_name("load.lua")


class LoadError(Exception):
    """An answer is not the one that was asked for."""


def requests_per_second(url, case, connections, seconds):
    """Return how many answers to a case come back in a second.

    Raises LoadError if one of them failed.
    """
    run = subprocess.run(
        [
            *("taskset", "--cpu-list", str(LOAD_CORE)),
            *("wrk", "--threads=1", f"--connections={connections}"),
            *(f"--duration={seconds}s", "--timeout=10s", f"--script={SCRIPT}"),
            url + case.path,
        ],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"LOAD_BODY": case.body},
    )
    seen = json.loads(run.stdout.splitlines()[-1])
    if seen["failed"] or not seen["requests"]:
        raise LoadError(f"{case.slug}: {seen['failed']} of {seen['requests']} failed")
    return seen["requests"] / seen["microseconds"] * 1e6


def check_answers(url, cases):
    """Raise LoadError unless each case is answered as it should be."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    for case in cases:
        content = _ask(connection, case)
        try:
            is_right = EXPECTED[case.slug](content)
        except ValueError:
            is_right = False
        if not is_right:
            raise LoadError(f"{case.slug}: {content[:200]!r}")
    connection.close()


def warm_up(url, cases, clients=16, times=5):
    """Send each case some times from several clients."""

    def visit(client):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        for case in cases:
            for _ in range(times):
                _ask(connection, case)
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(visit, range(clients)))


def _ask(connection, case):
    method = "POST" if case.body else "GET"
    headers = {"Content-Type": "application/json"} if case.body else {}
    try:
        connection.request(method, case.path, case.body or None, headers)
        return connection.getresponse().read().decode()
    except (http.client.HTTPException, OSError) as error:
        raise LoadError(f"{case.slug}: {error}") from error


def _is_product(content):
    return json.loads(content) == {"id": 7, "name": "Product 7", "price": 700}


def _is_list(content):
    products = json.loads(content)
    return [product["price"] for product in products] == list(range(100, 2001, 100))


def _is_table(content):
    return content.count("<tr>") == 50 and "Tea &amp; biscuits 50" in content


def _is_greeting(content):
    return content == "Hello, world!"


EXPECTED = {
    "plaintext": _is_greeting,
    "json": lambda content: json.loads(content) == {"message": "Hello, world!"},
    "template": _is_table,
    "one-row": _is_product,
    "twenty-rows": _is_list,
    "post": lambda content: (
        json.loads(content) == {"name": "Tea & biscuits", "price": 250}
    ),
    "waiting": _is_greeting,
}

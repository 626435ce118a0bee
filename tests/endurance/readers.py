"""Readers while two editors publish each second: is any answer old, and how late?

    make endurance-readers ARGS="--readers 64 --minutes 5 --engine postgresql"

Editors save findings over HTTP and count their saves in the note. Readers open the
pages that show these notes, as browsers that keep what they have and ask whether it
still holds, and other pages in between; they search, and ask the advisor, each from a
network of their own. No answer may fail, and none may show a lower
count than was acknowledged, or shown to any reader, before it was asked for.
"""

import gzip
import re
import statistics
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from random import Random

from tests.endurance.processes import (
    PASSWORD,
    arguments,
    free_port,
    load,
    own_site,
    serving,
)

EDITORS = [f"editor-{number}" for number in range(2)]
# The shares of what readers do: ask the advisor, search for a word, open a page.
ADVISED, SEARCHED = 0.03, 0.15
WORDS = ["orm", "async", "admin", "websockets", "flask", "routing", "tests", "caching"]
COUNTED = re.compile(r"\[count (\d+)\]")
# Pages on which no count stands.
OTHERS = ["/", "/frameworks/", "/frameworks/flask/", "/changes/", "/changes/feed/"]
OTHERS += ["/compare/django-vs-flask/", "/sources/", "/search/?q=orm"]


def main():
    told = arguments(__doc__, minutes=5.0, readers=64)
    # With a proxy each reader is of another network.
    with own_site(told.engine, BEHIND_PROXY="on"):
        return run(told)


def run(told):
    """Read and save for so long; return 1 if anything was wrong."""
    load(*EDITORS)
    board, port = Board(_pages()), free_port()
    crowd = [Editor(board, number) for number in range(len(EDITORS))]
    crowd += [Reader(board, told.seed, number) for number in range(told.readers)]
    with serving(port):
        threads = [
            threading.Thread(target=each.work, args=[port], daemon=True)
            for each in crowd
        ]
        for thread in threads:
            thread.start()
        time.sleep(told.minutes * 60)
        board.stop.set()
        for thread in threads:
            thread.join(timeout=60)
    return board.report(told.minutes * 60)


def _pages():
    """Return {key of a finding: addresses that show its note}."""
    from comparisons.models import Finding

    findings = Finding.objects.filter(
        framework__slug__in=["django", "flask"], feature__slug__in=["orm", "websockets"]
    )
    return {
        finding.pk: [finding.get_absolute_url()]
        for finding in findings.select_related("framework", "feature")
    }


class Board:
    """What everybody has seen, and what was wrong."""

    def __init__(self, pages):
        self.pages = pages
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.known = Counter()
        self.saves, self.statuses, self.times = 0, Counter(), []
        self.errors, self.stale = [], []

    def learn(self, pk, count):
        with self.lock:
            self.known[pk] = max(self.known[pk], count)

    def report(self, seconds):
        times = sorted(self.times) or [0.0]
        print(
            f"{len(self.times)} answers in {seconds:g} s, {dict(self.statuses)}, "
            f"median {statistics.median(times) * 1000:.0f} ms, "
            f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms, "
            f"{len(times) / seconds:.0f} each second; {self.saves} saves."
        )
        print(f"{len(self.errors)} errors, {len(self.stale)} stale answers.")
        for text in (*self.errors[:5], *self.stale[:5]):
            print(text)
        return int(bool(self.errors or self.stale or not self.saves))


class Editor:
    """Saves one finding after the other, about once a second."""

    def __init__(self, board, number):
        self.board, self.name = board, EDITORS[number]
        self.findings = list(board.pages)[number :: len(EDITORS)]

    def work(self, port):
        from tests.endurance.browser import Browser

        browser, count = Browser(f"http://127.0.0.1:{port}"), 0
        try:
            browser.sign_in(self.name, PASSWORD)
            while not self.board.stop.wait(1):
                count += 1
                for pk in self.findings[count % len(self.findings) :][:1]:
                    self._save(browser, pk, count)
        except Exception as error:
            self.board.errors.append(f"{self.name}: {error!r}")

    def _save(self, browser, pk, count):
        address = f"/admin/comparisons/finding/{pk}/change/"
        form = browser.form(address)
        note = COUNTED.sub("", form["note"][0]).strip()
        form |= {"note": [f"{note} [count {count}]"], "_save": ["Save"]}
        form["change_reason"] = [f"Count {count}"]
        status, page = browser.post(address, form)
        if status != 302:
            raise RuntimeError(f"{address} answered {status}: {page[:500]}")
        self.board.learn(pk, count)
        self.board.saves += 1


class Reader:
    """A browser that keeps each page and asks whether it still holds."""

    def __init__(self, board, seed, number):
        self.board, self.random = board, Random(f"{seed}-{number}")
        self.network = f"198.51.{number // 250}.{number % 250}"
        self.kept = {}

    def work(self, port):
        while not self.board.stop.is_set():
            pk = self.random.choice(list(self.board.pages))
            is_counted = self.random.random() < 0.6
            address = self.random.choice(self.board.pages[pk] if is_counted else OTHERS)
            if not is_counted and self.random.random() < SEARCHED:
                address = (
                    f"/search/?q={self.random.choice(WORDS)}+{self.random.random()}"
                )
            known = self.board.known[pk]
            try:
                if self.random.random() < ADVISED:
                    self._advise(port)
                text = self._read(port, address)
            except Exception as error:
                self.board.errors.append(f"{address}: {error!r}")
                continue
            if is_counted:
                count = int(found[1]) if (found := COUNTED.search(text)) else 0
                self.board.learn(pk, count)
                if count < known:
                    self.board.stale.append(f"{address} says {count} after {known}")

    def _advise(self, port):
        from tests.endurance.browser import Browser

        browser = Browser(f"http://127.0.0.1:{port}")
        browser.opener.addheaders = [("X-Forwarded-For", self.network)]
        form = browser.form("/advisor/")
        form |= {
            "project": ["rest-api"],
            "priority-learning": [self.random.choice("0124")],
            "priority-batteries": [self.random.choice("0124")],
        }
        began = time.monotonic()
        status, _ = browser.post("/advisor/", form)
        self.board.times.append(time.monotonic() - began)
        self.board.statuses[status] += 1
        if status != 302:
            raise RuntimeError(f"advice answered {status}")

    def _read(self, port, address):
        etag, text = self.kept.get(address, (None, None))
        headers = {"Accept-Encoding": self.random.choice(["gzip", "identity"])}
        if etag and self.random.random() < 0.7:
            headers["If-None-Match"] = etag
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        self.board.times.append(time.monotonic() - began)
        self.board.statuses[response.status] += 1
        if response.status == 304:
            return text
        if response.status != 200:
            raise RuntimeError(f"answered {response.status}")
        if response.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.kept[address] = response.headers["ETag"], body.decode()
        return body.decode()


if __name__ == "__main__":
    sys.exit(main())

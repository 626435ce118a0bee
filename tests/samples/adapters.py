"""One way to drive a sample, whatever its framework.

An adapter speaks to a sample through the framework's own test client. To add a
framework, write its adapter here and name it in ADAPTERS.
"""

import importlib
import json
import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin

REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Page:
    """An answer, and the address it was found at."""

    path: str
    status: int
    headers: Mapping
    text: str

    @property
    def json(self):
        assert self.headers["Content-Type"].startswith("application/json")
        return json.loads(self.text)

    @property
    def redirect(self):
        """The address this answer sends its visitor to, if it does."""
        if self.status in REDIRECTS:
            return urljoin(self.path, self.headers["Location"])

    def link(self, pattern):
        """Return the first linked address in which the pattern is found."""
        for address in re.findall(r'href="([^"]*)"', self.text):
            if re.search(pattern, address):
                return urljoin(self.path, unescape(address))
        raise AssertionError(f"{self.path} has no link to {pattern}")

    def hidden_fields(self):
        """Return what a browser sends along unasked, such as a CSRF token."""
        inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', self.text)
        attributes = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in inputs]
        return {tag["name"]: unescape(tag.get("value", "")) for tag in attributes}


class Adapter:
    """A sample at work. Each framework must say how to `send` and `migrate`."""

    search_parameter = "search"

    def __init__(self, module):
        self.module = module

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, content, content_type="application/json"):
        return self.send("POST", path, content, content_type)

    def visit(self, path):
        """Get a page as a browser does, going where it is sent."""
        page = self.get(path)
        return self.visit(page.redirect) if page.redirect else page

    def submit(self, page, **fields):
        """Fill in the form on a page and go where its answer sends."""
        content = urlencode(page.hidden_fields() | fields)
        answer = self.post(page.path, content, "application/x-www-form-urlencoded")
        return self.visit(answer.redirect) if answer.redirect else answer

    def send(self, method, path, content="", content_type=""):
        """Return a Page, keeping cookies and following no redirect."""
        raise NotImplementedError

    def context(self):
        """Return the context in which the sample's own functions run."""
        return nullcontext()

    def add_user(self, username, password):
        """Store a user; a sample that keeps its own users needs no help."""

    @staticmethod
    def migrate():
        """Create and apply a migration by the commands that the note gives."""
        raise NotImplementedError


class DjangoAdapter(Adapter):
    search_parameter = "q"

    def __init__(self, module):
        import django
        from django.test import Client
        from django.test.utils import setup_test_environment

        super().__init__(module)
        django.setup()
        setup_test_environment()
        self.client = Client(enforce_csrf_checks=True)

    def send(self, method, path, content="", content_type=""):
        answer = self.client.generic(method, path, content, content_type)
        return Page(path, answer.status_code, answer.headers, answer.text)

    def add_user(self, username, password):
        from django.conf import settings
        from django.contrib.auth.models import User

        if settings.MIGRATION_MODULES:
            self.migrate()
        else:
            run_python("django_app.py", "migrate")
        User.objects.create_superuser(username, password=password)

    @staticmethod
    def migrate():
        Path("migrations").mkdir(exist_ok=True)
        run_python("django_app.py", "makemigrations", "shop")
        run_python("django_app.py", "migrate")


class FlaskAdapter(Adapter):
    def __init__(self, module):
        super().__init__(module)
        self.client = module.app.test_client()

    def send(self, method, path, content="", content_type=""):
        answer = self.client.open(
            path, method=method, data=content, content_type=content_type
        )
        return Page(path, answer.status_code, answer.headers, answer.text)

    def context(self):
        return self.module.app.app_context()

    @staticmethod
    def migrate():
        database = ["-m", "flask", "--app", "flask_app", "db"]
        if not Path("migrations").exists():
            run_python(*database, "init")
        run_python(*database, "migrate")
        run_python(*database, "upgrade")


ADAPTERS = {"django": DjangoAdapter, "flask": FlaskAdapter}


def open_sample(framework):
    """Import the framework's sample and put it to work, without its log."""
    logging.disable(logging.WARNING)
    sys.path.insert(0, str(Path.cwd()))
    return ADAPTERS[framework](importlib.import_module(f"{framework}_app"))


def run_python(*arguments):
    """Run Python in a process of its own, quiet unless it fails."""
    process = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr

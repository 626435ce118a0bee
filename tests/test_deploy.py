"""What the guides tell a host to do is what the program has."""

import logging
import re

import pytest
from django.conf import settings
from django.core.management import get_commands

from config.logs import CallersFault

ROOT = settings.BASE_DIR
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "deploy.md"]
UNITS = sorted((ROOT / "docs" / "deploy").iterdir())


def test_every_setting_stands_in_the_table_of_the_readme():
    code = "".join(
        (ROOT / "config" / name).read_text() for name in ("settings.py", "gunicorn.py")
    )
    read = set(re.findall(r'^\s*(?:env\.\w+, )?"([A-Z][A-Z_]+)",', code, re.M))
    read |= set(re.findall(r'(?:environ\.get|switch)\(\s*"(\w+)"', code))
    told = {
        name
        for line in (ROOT / "README.md").read_text().splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z][A-Z_]+)`", line.split("|")[1])
    }

    assert "DATABASE_URL" in read
    assert read == told


@pytest.mark.parametrize("guide", [*GUIDES, *UNITS], ids=lambda path: path.name)
def test_guide_names_commands_and_files_that_exist(guide):
    text = guide.read_text()

    for command in re.findall(r"manage\.py ([a-z_]+)", text):
        assert command in get_commands(), command
    for path in re.findall(r"(?<![\w/])(?:docs|config|templates)/[\w/]+\.\w+", text):
        assert (ROOT / path).exists(), path


def test_proxy_lets_the_largest_import_through():
    site = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    megabytes = int(re.search(r"client_max_body_size (\d+)m", site)[1])

    assert megabytes * 1_000_000 == settings.LARGEST_REQUEST


@pytest.mark.parametrize(("status", "level"), [(404, "WARNING"), (500, "ERROR")])
def test_what_a_caller_did_wrong_wakes_nobody(status, level):
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "", (), ("x",) * 3
    )
    record.status_code = status

    assert CallersFault().filter(record)
    assert (record.levelname, bool(record.exc_info)) == (level, status == 500)

"""What the guides tell a host to do is what the program has.

``test_recipes`` looks for the commands and files that they name.
"""

import logging
import re

import pytest
from django.conf import settings

from config.logs import CallersFault

ROOT = settings.BASE_DIR


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

"""The assurance case names tests that exist, and each requirement once."""

import re

from django.conf import settings

CASE = (settings.BASE_DIR / "docs" / "assurance.md").read_text()
# One, or the first and the last of several; the version of the standard is none.
REQUIREMENTS = re.compile(r"(?<!v)\b(\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))?")


def test_every_test_that_the_case_names_exists():
    named = set(re.findall(r"`(test_\w+)`", CASE))
    written = {
        name
        for path in (settings.BASE_DIR / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }

    assert named
    assert named <= written, named - written


def test_every_claim_has_a_test():
    claims = CASE.partition("\n\n## ")[0].split("|---|---|---|\n")[1].splitlines()

    assert not [claim for claim in claims if "`test_" not in claim]


def test_no_requirement_is_met_and_not_met():
    listed = []
    for first, last in REQUIREMENTS.findall(CASE):
        section, _, number = first.rpartition(".")
        until = (last or first).rpartition(".")[2]
        listed += [f"{section}.{each}" for each in range(int(number), int(until) + 1)]

    # Of the 253 of level 2, but for the chapters of which none applies.
    assert len(listed) == len(set(listed)) == 217

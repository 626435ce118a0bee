"""What the knowledge says of our own trials is tried again, each by a small program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from comparisons.knowledge.documents import parse
from tests.test_samples import ENVIRONMENT, missing_packages

TRIALS = sorted((Path(__file__).parent / "samples" / "trials").glob("*.py"))
FIXTURES = Path(__file__).parent.parent / "fixtures"
WORDS = re.compile(r"\bour trial\b", re.IGNORECASE)
# What only a trial can show, said in other words than these.
LOOSE = re.compile(
    r"\ba trial\b|\bour (test|trials|check)\b|\bworked (with|beside|on) \d"
    r"|\btried (here|with|on) \d|\bran here\b|\bby us\b"
)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda path: path.stem)
def test_trial_shows_what_is_said(trial, tmp_path):
    if missing := missing_packages(trial):
        pytest.skip(f"not installed: {', '.join(missing)}")
    shutil.copy(trial, tmp_path)

    process = subprocess.run(
        [sys.executable, trial.name],
        cwd=tmp_path,
        # What it warns of is no part of the trial.
        env=ENVIRONMENT | {"PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert process.returncode == 0, process.stderr


def findings():
    """Yield the name that a trial of each finding has, and what the editors say."""
    for path in sorted((FIXTURES / "frameworks").glob("*.yaml")):
        for finding in parse(path)["findings"]:
            told = [finding.get(name, "") for name in ("note", "decision", "reason")]
            yield f"{path.stem}_{finding['feature']}".replace("-", "_"), " ".join(told)


def test_trials_are_those_that_findings_speak_of():
    spoken_of = {name for name, told in findings() if WORDS.search(told)}

    assert spoken_of == {path.stem for path in TRIALS}


def test_no_finding_rests_on_a_trial_of_which_nothing_is_left():
    assert [name for name, told in findings() if LOOSE.search(told)] == []


def test_disagreements_are_decided_by_no_other_trials():
    rows = parse(FIXTURES / "disagreements.yaml")
    kept = {path.stem for path in TRIALS}
    for row in rows["disagreements"]:
        if WORDS.search(f"{row.get('decision', '')} {row.get('reason', '')}"):
            names = (f"{slug}_{row['feature']}" for slug in row["frameworks"])
            assert kept & {name.replace("-", "_") for name in names}, row["slug"]

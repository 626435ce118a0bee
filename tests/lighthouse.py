"""Lighthouse over one page of each kind that search engines may list.

``make pagequality`` runs it after the rules of axe. It needs node, whose npx fetches
Lighthouse the first time; ``LIGHTHOUSE`` may name the command of one that is there.
Prints the score of each category as it is shown on a telephone, and what cost points.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys

import django

from tests.endurance.processes import free_port, serving

COMMAND = "npx --yes lighthouse@12"
# A score below this is counted as a failure.
PASSED = 0.9
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BROWSER = "--headless=new --no-sandbox --disable-dev-shm-usage"
PAGES = [
    "/",
    "/frameworks/",
    "/frameworks/django/",
    "/frameworks/django/orm/",
    "/frameworks/django/facts/license/",
    "/compare/",
    "/compare/django-vs-flask/",
    "/compare/django-vs-flask/text/",
    "/compare/django-vs-flask/sources/",
    "/compare/django-vs-flask/code/model/",
    "/comparisons/",
    "/features/",
    "/features/orm/",
    "/features/throughput/",
    "/extensions/",
    "/extensions/flask-sqlalchemy/",
    "/sources/",
    "/sources/codete-2021/",
    "/disagreements/",
    "/disagreements/is-flask-good-for-beginners/",
    "/changes/",
    "/about/",
    "/advisor/",
    "/advisor/method/",
    "/advisor/groups/",
]


def main(pages):
    command = shlex.split(os.environ.get("LIGHTHOUSE", COMMAND))
    if not shutil.which(command[0]):
        sys.exit(f"{command[0]} is not there: install node, or set LIGHTHOUSE.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Models cannot be imported before Django is set up.
    from tests.bench.base import SHIPPED, path_of

    os.environ["DATABASE_URL"] = f"sqlite:///{path_of(SHIPPED)}"
    port, is_perfect = free_port(), True
    with serving(port):
        for page in pages:
            report = _look_at(command, f"http://127.0.0.1:{port}{page}")
            scores = [
                round(100 * (report["categories"][name]["score"] or 0))
                for name in CATEGORIES
            ]
            is_perfect &= set(scores) == {100}
            print(*scores, page, *_costs(report), sep="\t", flush=True)
    return 0 if is_perfect else 1


def _look_at(command, address):
    options = ["--quiet", "--output=json", f"--chrome-flags={BROWSER}"]
    options.append(f"--only-categories={','.join(CATEGORIES)}")
    run = subprocess.run([*command, address, *options], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{address}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def _costs(report):
    """Return the names of the audits that count and are not passed."""
    counted = {
        part["id"]
        for category in report["categories"].values()
        for part in category["auditRefs"]
        if part["weight"]
    }
    scores = {name: report["audits"][name]["score"] for name in counted}
    return sorted(
        name for name, score in scores.items() if score is not None and score < 0.9
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PAGES))

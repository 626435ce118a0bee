"""Time against time in one run: ``make bench``.

Absolute times tell more about the machine than about the program, so every
figure is a ratio of medians taken in turn.
"""

import os
import statistics
import time

import django

REPEATS = 15


def medians(*functions, repeats=REPEATS):
    """Return the median time of each function, called in turn."""
    times = [[] for _ in functions]
    for function in functions:
        function()
    for _ in range(repeats):
        for function, taken in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def bench_ranking():
    """Our ranking of 12 frameworks on 85 features against scikit-criteria's sum."""
    import numpy as np
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    from advisor.ranking import Candidate, Criterion, rank

    values = np.random.RandomState(1).rand(12, 85)
    criteria = [
        Criterion(feature=str(number), theme="all", weight=1 / 85)
        for number in range(85)
    ]
    candidates = [
        Candidate(
            slug=str(row),
            name=str(row),
            bounds={
                str(column): (value, value) for column, value in enumerate(values[row])
            },
        )
        for row in range(12)
    ]
    matrix = mkdm(values, [max] * 85, weights=[1 / 85] * 85)

    def judge():
        return WeightedSumModel().evaluate(matrix)

    ours, theirs = medians(lambda: rank(criteria, candidates), judge)
    print(f"ranking 12 × 85, ours / scikit-criteria: {ours / theirs:.2f}")


def bench_pages():
    """Each heavy page against the lightest page of the site."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0)
    try:
        call_command("load_knowledge", verbosity=0)
        client = Client()
        answers = {"project": "rest-api", "priority-learning": "4"}
        pages = {
            "profile": lambda: client.get("/frameworks/flask/"),
            "comparison": lambda: client.get("/compare/django-vs-flask/"),
            "posted advisor form": lambda: client.post("/advisor/", answers),
        }
        plain, *heavy = medians(lambda: client.get("/about/"), *pages.values())
        for title, taken in zip(pages, heavy, strict=True):
            print(f"{title} / plain page: {taken / plain:.1f}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    bench_ranking()
    bench_pages()

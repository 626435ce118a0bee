"""Time against time in one run: ``make bench``.

Absolute times tell more about the machine than about the program, so every
figure is a ratio of medians taken in turn. Each has a limit; the command fails
when one is missed.
"""

import os
import statistics
import sys
import time
import warnings

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


def bench_scores():
    """The sum of 10,000 frameworks on 100 features against two libraries'."""
    import numpy as np
    from pymcdm.methods import WSM
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    from advisor.ranking.order import weighted_sum

    values = np.random.RandomState(1).rand(10_000, 100)
    weights = np.full(100, 1 / 100)
    matrix = mkdm(values, [max] * 100, weights=weights)
    # It validates what it is given, as its default is.
    pymcdm = WSM(normalization_function=lambda column, cost: column)

    ours, theirs, validated = medians(
        lambda: weighted_sum(values, weights),
        lambda: WeightedSumModel().evaluate(matrix),
        lambda: pymcdm(values, weights, [1] * 100),
        repeats=5,
    )
    yield "scores 10,000 × 100, ours / scikit-criteria", ours / theirs, 0.5
    yield "scores 10,000 × 100, ours / pymcdm", ours / validated, 0.1


def bench_ranking():
    """Ranking of 12 frameworks on 85 features, and 2,000 draws around it.

    An eighth of the facts is unknown. The draws cannot be quicker than numpy is
    with their random numbers and the logarithms of those.
    """
    import numpy as np
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    from advisor.ranking.order import Candidate, Criterion, rank
    from advisor.ranking.robustness import DRAWS, acceptability

    generator = np.random.RandomState(1)
    values = generator.rand(12, 85)
    is_known = generator.rand(12, 85) > 1 / 8
    criteria = [
        Criterion(feature=str(number), theme=f"theme {number % 9}", weight=1 / 85)
        for number in range(85)
    ]
    candidates = [
        Candidate(
            slug=str(row),
            name=str(row),
            bounds={
                str(column): (values[row, column],) * 2
                for column in np.flatnonzero(is_known[row])
            },
        )
        for row in range(12)
    ]
    matrix = mkdm(values, [max] * 85, weights=[1 / 85] * 85)
    unknown = is_known.size - is_known.sum()
    # Nine themes of nearly even weight have whole shapes that sum to 88.
    shapes = 88

    def judge():
        return WeightedSumModel().evaluate(matrix)

    def rank_robustly():
        return acceptability(rank(criteria, candidates).standings)

    def draw():
        random = np.random.RandomState(1)
        np.log(random.random_sample((shapes, DRAWS)))
        random.random_sample((unknown, DRAWS))

    ours, robustly, theirs, floor = medians(
        lambda: rank(criteria, candidates), rank_robustly, judge, draw
    )
    yield "ranking 12 × 85, ours / scikit-criteria", ours / theirs, 0.5
    yield f"ranking and {DRAWS:,} draws / random numbers alone", robustly / floor, 5


def bench_pages():
    """The heaviest page and the posted form against the profile of a framework.

    A profile is the page that most readers come for, and it only reads.
    """
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
        profile, comparison, posted = medians(
            lambda: client.get("/frameworks/flask/"),
            lambda: client.get("/compare/django-vs-flask/"),
            lambda: client.post("/advisor/", answers),
        )
        yield "comparison / profile", comparison / profile, 5
        yield "posted advisor form / profile", posted / profile, 5
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def main():
    """Print each ratio with its limit; return how many limits are missed."""
    missed = 0
    for bench in (bench_scores, bench_ranking, bench_pages):
        for title, ratio, limit in bench():
            is_missed = ratio > limit
            missed += is_missed
            verdict = "MISSED" if is_missed else "ok"
            print(f"{title}: {ratio:.2f} (at most {limit:g}) {verdict}", flush=True)
    return missed


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # The libraries warn about their own tables.
    warnings.simplefilter("ignore")
    sys.exit(min(main(), 1))

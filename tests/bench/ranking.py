"""The ranking against libraries that know only complete tables."""

import statistics
import time

from tests.bench.figures import Figure

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
    yield Figure("scores 10,000 × 100, ours / scikit-criteria", ours / theirs, most=0.5)
    yield Figure("scores 10,000 × 100, ours / pymcdm", ours / validated, most=0.1)


def bench_ranking():
    """Ranking of 12 frameworks on 85 features, and 2,000 draws around it.

    An eighth of the facts is unknown. The draws cannot be quicker than numpy is
    with their random numbers and the logarithms of those.
    """
    import numpy as np
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    from advisor.ranking.draws import Person
    from advisor.ranking.order import Candidate, Criterion, rank
    from advisor.ranking.robustness import DRAWS, Draws

    generator = np.random.RandomState(1)
    values = generator.rand(12, 85)
    is_known = generator.rand(12, 85) > 1 / 8
    criteria = [
        Criterion(feature=str(number), theme=f"theme {number % 9}", weight=1 / 85)
        for number in range(85)
    ]
    shares = {}
    for criterion in criteria:
        shares.setdefault(criterion.theme, {})[criterion.feature] = 1
    person = Person(
        points={theme: len(own) for theme, own in shares.items()}, shares=shares
    )
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
        return Draws(rank(criteria, candidates).standings, [person]).acceptability()

    def draw():
        random = np.random.RandomState(1)
        np.log(random.random_sample((shapes, DRAWS)))
        random.random_sample((unknown, DRAWS))

    ours, robustly, theirs, floor = medians(
        lambda: rank(criteria, candidates), rank_robustly, judge, draw
    )
    yield Figure("ranking 12 × 85, ours / scikit-criteria", ours / theirs, most=0.5)
    yield Figure(
        f"ranking and {DRAWS:,} draws / random numbers alone", robustly / floor, most=5
    )

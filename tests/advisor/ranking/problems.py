"""Small decision problems, by hand and generated, for the tests of the sums."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from advisor.ranking.draws import Person
from advisor.ranking.order import UNKNOWN, Candidate, Requirement, rank, weigh
from advisor.ranking.robustness import Draws
from comparisons.choices import Level

WORTHS = sorted({level.worth for level in Level if level.is_known})
POINTS = [0, 1, 2, 4]
THEMES = ["learning", "security", "speed"]
FEATURES = ["admin", "async", "caching", "forms", "orm"]
# How editors split the three themes; a feature may count in two of them.
SPLITS = [
    ({"admin": 1.0}, {"async": 0.7, "caching": 0.3}, {"forms": 0.35, "orm": 0.65}),
    ({"admin": 0.5, "orm": 0.5}, {"async": 1.0}, {"forms": 0.4, "orm": 0.6}),
    ({"admin": 0.2, "async": 0.8}, {"admin": 0.05, "caching": 0.95}, {"orm": 1.0}),
]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """All that a ranking is made from, so that a test can change one thing."""

    points: dict
    shares: dict
    candidates: tuple
    requirements: tuple = ()

    @property
    def criteria(self):
        return weigh(self.points, self.shares)

    def ranking(self):
        return rank(self.criteria, self.candidates, self.requirements)

    @property
    def person(self):
        return Person(points=self.points, shares=self.shares)

    def acceptability(self, **options):
        draws = Draws(self.ranking().standings, [self.person])
        return draws.acceptability(**options)

    def with_bounds(self, slug, **bounds):
        """Return the problem with other facts on the framework ``slug``."""
        return replace(
            self,
            candidates=tuple(
                replace(candidate, bounds={**candidate.bounds, **bounds})
                if candidate.slug == slug
                else candidate
                for candidate in self.candidates
            ),
        )

    def completed(self, fact):
        """Return the problem with all known: ``fact(candidate, feature)``."""
        return replace(
            self,
            candidates=tuple(
                replace(
                    candidate,
                    bounds={
                        feature: known(fact(candidate, feature)) for feature in FEATURES
                    },
                )
                for candidate in self.candidates
            ),
        )


def known(value):
    return (value, value)


def problem_of(points, rows, requirements=()):
    """Return a problem with one theme per column; None is an unknown fact."""
    features = [f"f{column}" for column in range(len(points))]
    return Problem(
        points=dict(zip(features, points, strict=True)),
        shares={feature: {feature: 1.0} for feature in features},
        candidates=tuple(
            Candidate(
                slug=name.lower(),
                name=name,
                bounds={
                    feature: known(value)
                    for feature, value in zip(features, row, strict=True)
                    if value is not None
                },
            )
            for name, row in rows.items()
        ),
        requirements=tuple(requirements),
    )


def scores(ranking):
    return {s.candidate.name: s.score for s in ranking.standings}


def places(ranking):
    return [(s.rank, s.candidate.name) for s in ranking.standings]


def slugs(standings):
    return [standing.candidate.slug for standing in standings]


def everyone(ranking):
    return [*ranking.standings, *ranking.excluded]


def standing_of(ranking, slug):
    [standing] = [s for s in everyone(ranking) if s.candidate.slug == slug]
    return standing


def outcome(ranking):
    """Return everything that a ranking says, in its order."""
    return [
        (
            standing.candidate.slug,
            standing.tier,
            standing.rank,
            standing.score,
            standing.low,
            standing.high,
            standing.coverage,
            set(standing.failed),
            set(standing.unverified),
        )
        for standing in everyone(ranking)
    ]


VALUES = [*WORTHS, 0.123, 0.51]
RANGES = [UNKNOWN, (0.25, 0.85), (0.0, 0.6), (0.6, 1.0)]
KNOWN = [known(value) for value in VALUES]
THRESHOLDS = [0.25, 0.5, 0.6, 0.85, 1.0]


def problems(at_least=1, at_most=4, facts=(*KNOWN, *RANGES), must_haves=2):
    """Return a strategy for problems of three themes and five features.

    Each is read from one string of bytes: a draw per fact would take most of the
    time of the tests.
    """
    return _strings(30).map(
        lambda string: _problem(string, at_least, at_most, facts, must_haves)
    )


def answers():
    """Return a strategy for points by theme, of which some may be all zero."""
    return _strings(len(THEMES)).map(lambda string: _points(iter(string)))


def requirements():
    """Return a strategy for up to two must-haves."""
    return _strings(5).map(lambda string: _requirements(iter(string), 2))


def _strings(length):
    return st.binary(min_size=length, max_size=length)


def _problem(string, at_least, at_most, facts, must_haves):
    numbers = iter(string)
    points = _points(numbers)
    if not any(points.values()):
        points[THEMES[0]] = POINTS[-1]
    splits = _choice(numbers, SPLITS)
    count = _choice(numbers, range(at_least, at_most + 1))
    return Problem(
        points=points,
        shares=dict(zip(THEMES, splits, strict=True)),
        requirements=_requirements(numbers, must_haves),
        candidates=tuple(
            # Two frameworks may have the same name; their slugs differ.
            Candidate(
                slug=f"framework-{number}",
                name="AAB"[number % 3],
                bounds={feature: _choice(numbers, facts) for feature in FEATURES},
            )
            for number in range(count)
        ),
    )


def _points(numbers):
    return {theme: _choice(numbers, POINTS) for theme in THEMES}


def _requirements(numbers, most):
    chosen = [
        Requirement(
            feature=_choice(numbers, FEATURES), threshold=_choice(numbers, THRESHOLDS)
        )
        for _ in range(_choice(numbers, range(most + 1)))
    ]
    return tuple(dict.fromkeys(chosen))


def _choice(numbers, options):
    return options[next(numbers) % len(options)]

"""The format of a stored result: plain JSON.

It holds all that its page shows, so that what was shared stays as it was, whatever
editors change later. ``complete`` fills in what results of an earlier format lack,
so that they can still be shown.
"""

from typing import Any

from advisor.ranking.robustness import DRAWS
from advisor.results import prospects, wording
from advisor.results.result import Result, highlights

# Rises whenever a key is added; stored with each result.
FORMAT = 3

_EMPTY = {
    "format": 1,
    "ranking": [],
    "unranked": [],
    "excluded": [],
    "relaxations": [],
    "verdict": "",
    "certainty": None,
    "draws": DRAWS,
    "leaders": [],
    "necessary_winner": None,
    "doubts": {},
    "doubt": "",
    "changes": [],
    "next_question": None,
    "pair": None,
    # What the first two formats said would change a result.
    "remarks": [],
    "facts": [],
    "others": 0,
    "themes": [],
    "must_haves": [],
    "warnings": [],
    "echo": [],
    "what_if": None,
    "sources": [],
}


def complete(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a ``stored`` result of any format with all keys of the present one.

    What puts the first place ahead, and the packages that go with a framework, are
    told in words of what is stored.
    """
    if stored.get("format", 1) < 3:
        said = [flip["sentence"] for flip in stored.get("flips", [])]
        stored = {**stored, "remarks": stored.get("changes") or said, "changes": []}
    told: dict[str, Any] = _EMPTY | stored
    ranking = [own | {"meets": wording.bundle(own)} for own in told["ranking"]]
    meets = ranking[0]["meets"] if ranking else ""
    because = " ".join(filter(None, [wording.because(told), meets]))
    return told | {"ranking": ranking, "because": because}


def as_dict(result: Result) -> dict[str, Any]:
    """Return ``result`` as it is stored."""
    preferences, ranking = result.preferences, result.ranking
    unranked = [] if preferences.criteria else ranking.standings
    told = {
        "format": FORMAT,
        "ranking": [],
        "unranked": [_name(result, standing) for standing in unranked],
        "verdict": _verdict(result),
        "themes": _themes(result),
        "must_haves": [_must_have(result, each) for each in preferences.must_haves],
        "warnings": list(preferences.warnings),
        "echo": list(result.echo),
        "others": result.grounds.others,
    }
    if preferences.criteria and ranking.standings:
        told |= _ranked(result)
    return told | {
        "excluded": [_excluded(result, each) for each in ranking.excluded],
        "relaxations": prospects.relaxations(result),
        "sources": result.grounds.sources(),
    }


def _ranked(result):
    necessary = result.ranking.necessary_winner()
    possible = result.ranking.possible_winners()
    return {
        "ranking": [
            _standing(result, standing, is_possible_winner=standing in possible)
            for standing in result.ranking.standings
        ],
        "certainty": result.certainty,
        "doubts": dict(result.doubts),
        "doubt": wording.doubt_sentence(result.doubts),
        "draws": DRAWS,
        "leaders": result.acceptability.leaders(),
        "necessary_winner": necessary and necessary.candidate.slug,
        "changes": list(result.changes),
        "next_question": prospects.next_question(result),
        "pair": result.pair,
        "facts": prospects.facts_worth_learning(result),
        "what_if": result.what_if,
    }


def _verdict(result):
    if not result.preferences.criteria:
        return wording.NO_SIGNAL
    if not result.ranking.standings:
        return wording.NOTHING_LEFT
    leaders = [result.names.frameworks[slug] for slug in result.acceptability.leaders()]
    return wording.verdict(result.ranking, result.certainty, leaders)


def _themes(result):
    points = result.preferences.points
    total = sum(points.values())
    return [
        {
            "slug": theme,
            "name": result.names.themes[theme],
            "points": given,
            "weight": given / total,
        }
        for theme, given in points.items()
    ]


def _standing(result, standing, *, is_possible_winner):
    slug, names = standing.candidate.slug, result.names.features
    return {
        **_name(result, standing),
        "rank": standing.rank,
        "score": standing.shown_score,
        "exact": standing.score,
        "low": round(standing.low, 6),
        "high": round(standing.high, 6),
        "coverage": round(standing.coverage, 6),
        "is_too_little_known": standing.is_too_little_known,
        "is_possible_winner": is_possible_winner,
        "first_share": result.acceptability.first_share(slug),
        "why_not": prospects.reasons_against(result, standing),
        "unverified": [
            {"feature": must.feature, "name": names[must.feature]}
            for must in standing.unverified
        ],
        "bundle": list(_bundle(result, slug)),
        "by_theme": standing.by_theme(),
        "contributions": [
            _contribution(result, slug, part) for part in standing.contributions
        ],
        **{
            kind: [_reason(result, slug, part) for part in parts]
            for kind, parts in highlights(standing).items()
        },
    }


def _bundle(result, framework):
    """Yield each must-have that packages provide, with those that can be relied on."""
    for must_have in result.preferences.must_haves:
        worths = result.grounds.packages.get((framework, must_have.feature.slug), {})
        packages = [p for p in worths if worths[p] >= must_have.level.worth]
        if packages:
            yield {
                "feature": must_have.feature.slug,
                "name": must_have.feature.name,
                "packages": packages,
            }


def _name(result, standing):
    candidate = standing.candidate
    return {
        "framework": candidate.slug,
        "name": candidate.name,
        "tagline": result.grounds.frameworks[candidate.slug].tagline,
        "tier": standing.tier,
    }


def _contribution(result, framework, part):
    feature, theme = part.criterion.feature, part.criterion.theme
    return {
        **result.grounds.answer(framework, feature),
        "feature": feature,
        "name": result.names.features[feature],
        "theme": theme,
        "theme_name": result.names.themes[theme],
        "is_finding": result.grounds.is_finding(feature),
        "weight": part.criterion.weight,
        "share": part.criterion.weight * 100,
        "low": part.low,
        "high": part.high,
        "value": part.value,
        "points": part.points,
    }


def _reason(result, framework, part):
    feature = part.criterion.feature
    return {
        **result.grounds.statement(framework, feature),
        "feature": feature,
        "name": result.names.features[feature],
        "theme": result.names.themes[part.criterion.theme],
        "is_finding": result.grounds.is_finding(feature),
        "points": part.points,
        "lost": part.lost,
        "spread": part.spread,
    }


def _must_have(result, must_have):
    feature = must_have.feature.slug
    return {
        **prospects.required(must_have),
        "leaves_out": [
            candidate.name
            for candidate in result.candidates
            if candidate.verdict(must_have.requirement) is False
        ],
        "answers": {
            framework: result.grounds.answer(framework, feature)
            for framework in result.grounds.frameworks
        },
    }


def _excluded(result, standing):
    return {
        **_name(result, standing),
        "why_not": prospects.reasons_against(result, standing),
        "failed": prospects.failings(result, standing),
    }

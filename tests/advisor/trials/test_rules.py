"""The articles' own recommendations, put to the advisor.

Nothing in the code knows these rules: findings, themes and effects decide, as
editors set them. Where the editors decided against an article, a recorded
disagreement says why.
"""

from pathlib import Path

import pytest
import yaml

from advisor.models import Persona
from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import try_personas
from comparisons.models import Disagreement

RULES = yaml.safe_load(
    (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
)["rules"]
EXPRESSIBLE = [rule for rule in RULES if "posts" in rule]
CANDIDATES = {"candidates": ["django", "flask"]}
OTHER = {"not-flask": "django"}
FIRST, SHARED, BEHIND = "first", "shares the first place", "behind"

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(shipped_knowledge):
    """How the chosen framework stands, by rule and number of its post."""
    asked = [
        (rule, number, Persona(answers=post["answers"] | CANDIDATES))
        for rule in EXPRESSIBLE
        for number, post in enumerate(rule["posts"])
    ]
    outcomes = try_personas(Questionnaire.current(), [who for *_, who in asked])
    assert not [outcome.not_offered for outcome in outcomes if outcome.not_offered]
    return {
        (rule["id"], number): place_of(
            OTHER.get(rule["choose"], rule["choose"]), outcome.winners
        )
        for (rule, number, _), outcome in zip(asked, outcomes, strict=True)
    }


def place_of(chosen, winners):
    if chosen not in winners:
        return BEHIND
    return FIRST if winners == [chosen] else SHARED


def decided(post):
    """How the chosen framework stands by the editors' decisions."""
    if "overruled_by" in post:
        return BEHIND
    return SHARED if "shared_by" in post else FIRST


def test_rules_hold_unless_a_recorded_disagreement_says_otherwise(places):
    expected = {
        (rule["id"], number): decided(post)
        for rule in EXPRESSIBLE
        for number, post in enumerate(rule["posts"])
    }

    assert places == expected

    # All posts of a rule count. Of rules that contradict each other one side can
    # hold; here it is the one with more rules on it.
    by_rule = {
        rule["id"]: [places[rule["id"], n] for n in range(len(rule["posts"]))]
        for rule in EXPRESSIBLE
    }
    consistent = [rule["id"] for rule in EXPRESSIBLE if "contradicts" not in rule]
    alone = sum(set(by_rule[rule]) == {FIRST} for rule in consistent)
    held = sum(BEHIND not in by_rule[rule] for rule in consistent)
    print(
        f"{len(EXPRESSIBLE)} of {len(RULES)} rules can be expressed, {len(consistent)} "
        f"of them at once. In {held} the chosen framework is first or shares the first "
        f"place ({held / len(consistent):.1%} of those, "
        f"{held / len(EXPRESSIBLE):.1%} of all expressible), in {alone} it is alone."
    )
    assert held / len(consistent) >= 0.95


@pytest.mark.usefixtures("shipped_knowledge")
def test_each_decision_against_a_rule_names_a_published_disagreement():
    named = {
        post[decision]
        for rule in EXPRESSIBLE
        for post in rule["posts"]
        for decision in ("overruled_by", "shared_by")
        if decision in post
    }

    published = Disagreement.objects.published().filter(key__in=named)

    assert {disagreement.key for disagreement in published} == named


def test_every_rule_is_posted_or_says_why_it_cannot_be():
    assert len(RULES) == 59
    assert all(
        bool(rule.get("posts")) != bool(rule.get("cannot_be_expressed"))
        for rule in RULES
    )


def test_rules_that_contradict_each_other_ask_for_different_frameworks():
    choose = {rule["id"]: rule["choose"] for rule in RULES}

    for rule in RULES:
        for other in rule.get("contradicts", []):
            sides = {rule["choose"], choose[other]}
            assert sides == {"flask", "not-flask"}

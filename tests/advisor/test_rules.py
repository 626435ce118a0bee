"""The articles' own recommendations, posted to the advisor.

Nothing in the code knows these rules: findings, themes and effects decide, as
editors set them. Where the editors decided against an article, a recorded
disagreement says why.
"""

from pathlib import Path

import pytest
import yaml
from django.urls import reverse

from comparisons.models import Disagreement

RULES = yaml.safe_load(
    (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
)["rules"]
POSTS = [
    pytest.param(rule, post, id=f"{rule['id']}-{'-'.join(post['answers'])}-{number}")
    for rule in RULES
    for number, post in enumerate(rule.get("posts", []))
]
OTHER = {"not-flask": "django"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranking(client, shipped_knowledge):
    """Return a function that posts answers and returns the places by framework."""

    def post(answers):
        answers = {**answers, "candidates": ["django", "flask"]}
        response = client.post(reverse("advisor:questionnaire"), answers)
        assert response.status_code == 302, response.context["form"].errors
        result = client.get(f"{response.url.rstrip('/')}.json").json()
        ranking = result["ranking"]
        return {standing["framework"]: standing["rank"] for standing in ranking}

    return post


@pytest.mark.parametrize(("rule", "post"), POSTS)
def test_rule_holds_unless_a_recorded_disagreement_overrules_it(rule, post, ranking):
    places = ranking(post["answers"])

    chosen = OTHER.get(rule["choose"], rule["choose"])
    alone = [framework for framework, place in places.items() if place == 1] == [chosen]
    assert alone is ("overruled_by" not in post), places


@pytest.mark.usefixtures("shipped_knowledge")
def test_each_overruled_rule_names_a_published_disagreement():
    named = {
        post["overruled_by"]
        for rule in RULES
        for post in rule.get("posts", [])
        if "overruled_by" in post
    }

    published = Disagreement.objects.published().filter(key__in=named)

    assert {disagreement.key for disagreement in published} == named


def test_every_rule_is_posted_or_says_why_it_cannot_be():
    assert len(RULES) == 59
    assert all(
        bool(rule.get("posts")) != bool(rule.get("cannot_be_expressed"))
        for rule in RULES
    )

"""What is shipped to guide the visitor, as the files have it."""

import yaml
from django.conf import settings


def shipped(name):
    text = (settings.KNOWLEDGE_DIR / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)[name]


def test_every_shipped_suggestion_names_what_bears_it_out():
    unfounded = [
        preset["slug"] for preset in shipped("presets") if not preset["citations"]
    ]

    assert unfounded == []


def test_every_priority_says_what_its_worst_and_best_are():
    weighed = {
        question["theme"]
        for question in shipped("questions")
        if question["kind"] == "priority"
    }

    described = {
        theme["slug"]
        for theme in shipped("themes")
        if theme.get("worst") and theme.get("best")
    }
    assert described == weighed


def test_both_strengths_of_must_have_offer_the_same():
    weaker, stronger = (
        [choice["slug"] for choice in question["choices"]]
        for question in shipped("questions")
        if question["kind"] == "must_haves"
    )

    assert weaker == stronger

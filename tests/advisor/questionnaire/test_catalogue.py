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


def test_every_must_have_says_what_it_does():
    [must_haves] = [q for q in shipped("questions") if q["kind"] == "must_haves"]

    assert all("Leaves out" in choice["help_text"] for choice in must_haves["choices"])

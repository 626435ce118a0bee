"""The recommendations in their file: read whole, or refused with a reason."""

import datetime
from copy import deepcopy

import pytest
from django.conf import settings

from advisor.questionnaire.reading import Questionnaire
from advisor.trials.personas import not_offered
from advisor.trials.recommendations import FILE, MOST, read_recommendations
from comparisons.knowledge.documents import render
from comparisons.knowledge.parts import KnowledgeError
from comparisons.models import Framework, Source

GOOD = {
    "slug": "small-service",
    "situation": "A firm builds a small service.",
    "source": {
        "title": "What we took",
        "publisher": "The firm",
        "url": "https://firm.example/took",
        "interest": "None seen.",
        "accessed_date": datetime.date(2026, 11, 30),
    },
    "says": "Flask.",
    "answers": {"project": "microservice", "candidates": ["django", "flask"]},
    "recommended": ["flask"],
}


@pytest.fixture
def read(tmp_path):
    """Return a function that reads entries as if the file held them."""

    def read_entries(*entries):
        (tmp_path / FILE).write_text(render({"recommendations": list(entries)}))
        return read_recommendations(tmp_path)

    return read_entries


def spoilt(path, value):
    """Return a good entry with one part of it replaced; None takes it out."""
    entry = deepcopy(GOOD)
    *parents, key = path.split(".")
    part = entry
    for parent in parents:
        part = part[parent]
    part[key] = value
    if value is None:
        del part[key]
    return entry


def test_entry_is_read_with_its_answers_as_the_advisor_takes_them(read):
    (read_entry,) = read(GOOD)

    assert read_entry.answers == {
        "project": ["microservice"],
        "candidates": ["django", "flask"],
    }
    assert read_entry.candidates == {"django", "flask"}
    assert read_entry.recommended == {"flask"}
    assert not read_entry.is_held_out


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("slug", None, "An entry without a slug"),
        ("situation", " ", "“situation” is to be a str"),
        ("source", "firm.example", "“source” is to be a dict"),
        ("source.accessed_date", "yesterday", "“accessed_date” is to be a date"),
        ("recommended", "flask", "“recommended” is to be a list"),
        ("warned_against", [None], "“warned_against” is to be a list"),
        ("seen_by_editors", "no", "“seen_by_editors” is to be a bool"),
        ("collection", "others", "none of our collections"),
        ("tells", "Flask.", "unexpected keyword argument 'tells'"),
        ("source.interest", None, "missing 1 required keyword-only argument"),
        ("source.url", "javascript:alert(1)", "Enter a valid URL."),
        ("answers", None, "small-service: 'answers'"),
        ("answers", {}, "It lacks answers"),
        ("answers", {"project": 4}, "Give a value, or a list of values,"),
        ("recommended", [], "or what is recommended"),
        ("recommended", ["falcon"], "not among its candidates."),
        ("acceptable", ["flask"], "It says two things of the same framework."),
    ],
)
def test_bad_entry_is_refused_with_the_reason(read, path, value, reason):
    with pytest.raises(KnowledgeError) as refused:
        read(spoilt(path, value))

    assert reason in str(refused.value)


def test_twins_and_too_many_are_refused(read):
    with pytest.raises(KnowledgeError, match="A slug is there more than once"):
        read(GOOD, GOOD)
    with pytest.raises(KnowledgeError, match=f"{MOST} recommendations at most"):
        read(*[spoilt("slug", f"number-{number}") for number in range(MOST + 1)])


def test_file_that_is_no_list_is_refused(tmp_path):
    (tmp_path / FILE).write_text("recommendations: flask")

    with pytest.raises(KnowledgeError, match="must be a list of mappings"):
        read_recommendations(tmp_path)


def test_every_shipped_recommendation_can_be_asked(shipped_knowledge):
    questionnaire = Questionnaire.current()
    frameworks = set(Framework.objects.published().values_list("slug", flat=True))
    shipped = read_recommendations(settings.KNOWLEDGE_DIR)

    asked_in_vain = {
        each.slug: not_offered(questionnaire, each.answers)
        for each in shipped
        if not_offered(questionnaire, each.answers)
    }
    named = frozenset().union(
        *(each.recommended | each.acceptable | each.warned_against for each in shipped)
    )
    assert len(shipped) >= 40
    assert asked_in_vain == {}
    assert named <= frameworks


def test_source_that_we_cite_is_marked_as_seen(shipped_knowledge):
    cited = set(Source.objects.values_list("url", flat=True))

    unmarked = [
        each.slug
        for each in read_recommendations(settings.KNOWLEDGE_DIR)
        if each.source.url in cited and not each.seen_by_editors
    ]

    assert unmarked == []

import math

import pytest

from advisor.questionnaire.reading import Questionnaire
from advisor.results.format import as_dict
from advisor.results.result import result_for
from tests import factories as make

ANSWERS = {
    "project": ["microservice"],
    "priority-learning": ["4"],
    "team_knows": ["flask"],
}


def told(answers):
    return as_dict(result_for(Questionnaire.current(), answers))


def scores(what_if, points):
    """Work the scores out as a browser does."""
    total = sum(points.values())
    return {
        framework: 50
        * math.fsum(
            given / total * (values[theme][0] + values[theme][1])
            for theme, given in points.items()
            if theme in values
        )
        for framework, values in what_if["values"].items()
    }


def stored_scores(result):
    return {row["framework"]: row["exact"] for row in result["ranking"]}


def question(what_if, slug):
    [found] = [q for q in what_if["questions"] if q["question"] == slug]
    return found


def test_present_points_give_the_stored_scores(knowledge):
    result = told(ANSWERS)

    what_if = result["what_if"]

    assert scores(what_if, what_if["points"]) == pytest.approx(stored_scores(result))


@pytest.mark.parametrize("value", ["0", "1", "4"])
def test_other_points_give_the_scores_of_other_answers(knowledge, value):
    what_if = told(ANSWERS)["what_if"]
    [adds] = [
        option["adds"]
        for option in question(what_if, "priority-batteries")["options"]
        if option["value"] == value
    ]

    points = {
        theme: what_if["points"].get(theme, 0) + adds.get(theme, 0)
        for theme in what_if["points"] | adds
    }

    saved = told({**ANSWERS, "priority-batteries": [value]})
    assert scores(what_if, points) == pytest.approx(stored_scores(saved))


def test_unknown_fact_stays_an_interval(knowledge):
    knowledge.flask_orm.delete()

    values = told(ANSWERS)["what_if"]["values"]["flask"]

    # An ORM is .6 of the theme and unknown; the admin is written by hand.
    assert values["batteries"] == pytest.approx([0.1, 0.7, 0.4])


def test_order_of_themes_leaves_no_what_if_that_adds_up(knowledge):
    make.make_tie_break(slug="most", themes=[knowledge.learning], points=3)
    answers = {"priority-learning": ["4"]}

    assert told(answers)["what_if"]
    assert told({**answers, "most": ["learning"]})["what_if"] is None

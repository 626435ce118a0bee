"""The result of a group: the mean of what its members' own answers give."""

import json
from math import isfinite

import pytest

from advisor.groups.result import group_as_dict, result_for_group
from advisor.questionnaire.reading import Questionnaire
from advisor.results.format import as_dict
from advisor.results.result import result_for
from comparisons.choices import Level
from tests import factories as make

ADA = {
    "project": ["microservice"],
    "priority-learning": ["4"],
    "team_knows": ["flask"],
}
BEN = {"priority-batteries": ["4"], "team_knows": ["django"]}


def told(*answers):
    said = [
        {"name": name, "answers": given}
        for name, given in zip(["Ada", "Ben", "Cy"], answers, strict=False)
    ]
    return group_as_dict(result_for_group(Questionnaire.current(), said))


def scores(result):
    return {row["framework"]: row["exact"] for row in result["ranking"]}


def numbers(part):
    if isinstance(part, dict):
        part = part.values()
    if isinstance(part, list) or not isinstance(part, str | int | float | None):
        return [number for inner in part for number in numbers(inner)]
    return [part] if isinstance(part, float) else []


def test_score_of_a_group_is_the_mean_of_its_members_scores(knowledge):
    alone = [
        scores(as_dict(result_for(Questionnaire.current(), answers)))
        for answers in (ADA, BEN)
    ]

    together = told(ADA, BEN)

    assert scores(together) == pytest.approx(
        {slug: (alone[0][slug] + alone[1][slug]) / 2 for slug in alone[0]}
    )
    for row in together["ranking"]:
        points = sum(part["points"] for part in row["contributions"])
        assert points == pytest.approx(row["exact"], abs=1e-9)


def test_what_each_knows_counts_as_theirs(knowledge):
    ben = {**BEN, "priority-learning": ["1"]}
    [flask] = [r for r in told(ADA, ben)["ranking"] if r["framework"] == "flask"]

    knows = {
        part["name"]: (part["theme"], part["level_label"], part["value"])
        for part in flask["contributions"]
        if not part["is_finding"]
    }
    assert knows == {
        "Familiarity (Ada)": ("learning", "Ada named it.", 1.0),
        # A relative of the one that Ben knows.
        "Familiarity (Ben)": (
            "learning",
            "Ben named Django, which helps with it.",
            0.5,
        ),
    }


def test_result_says_who_wants_what(knowledge):
    group = told(ADA, BEN)["group"]

    ada, ben = group["members"]
    assert ada["projects"] == ["Microservice"]
    assert ada["weights"] == pytest.approx({"project": 0.5, "learning": 0.5})
    assert [first["framework"] for first in ada["first"]] == ["flask"]
    assert [first["framework"] for first in ben["first"]] == ["django"]
    assert group["divide"]["theme"] == "batteries"
    assert group["divide"]["most"]["name"] == "Ben"
    assert group["divide"]["least"] == {"name": "Ada", "weight": 0}
    assert group["compromise"]["worst_rank"] == 2


def test_nothing_is_left_out_that_somebody_chooses_from(knowledge):
    only_django = {**ADA, "candidates": ["django"]}
    only_flask = {**BEN, "candidates": ["flask"]}

    one = told(only_django, only_django)
    two = told(only_django, only_flask)
    all_of_them = told(only_django, BEN)

    assert list(scores(one)) == ["django"]
    assert scores(two).keys() == scores(all_of_them).keys() == {"django", "flask"}
    # The first place of each is among their own.
    assert [
        [first["framework"] for first in person["first"]]
        for person in two["group"]["members"]
    ] == [["django"], ["flask"]]


def test_nobody_is_told_to_change_answers_that_nobody_gave_alone(knowledge):
    result = told(ADA, BEN, {"priority-learning": ["1"]})

    assert result["changes"] == []
    assert result["next_question"] is None
    assert result["what_if"] is None
    assert result["doubts"]


def test_must_haves_that_leave_nothing_name_who_set_them(knowledge):
    teleport = make.make_feature(slug="teleport", name="Teleport")
    for framework in (knowledge.flask, knowledge.django):
        make.make_finding(framework=framework, feature=teleport, level=Level.NONE)
    make.make_answer("must_haves", "teleport", feature=teleport)

    result = told(
        {**ADA, "must_haves": ["teleport"]},
        {**BEN, "must_haves": ["admin-interface", "teleport"]},
    )

    assert result["ranking"] == []
    assert result["verdict"] == "No framework meets all your must-haves."
    assert {
        (item["name"], item["comes_back"]): item["set_by"]
        for item in result["relaxations"]
        if item["kind"] == "drop"
    } == {("Teleport", 1): ["Ada", "Ben"]}
    assert result["group"]["must_haves"][0]["set_by"] == ["Ada", "Ben"]


@pytest.mark.parametrize(
    "answers",
    [
        [{}],
        [{}, {}],
        [ADA],
        [ADA, {}],
        [{"must_haves": ["admin-interface"]}, ADA],
        [{"priority-learning": ["0"]}, {"candidates": ["django"]}],
        [{"nowhere": ["gone"], "project": ["gone"]}],
    ],
    ids=str,
)
def test_every_group_has_a_defined_result(knowledge, answers):
    result = told(*answers)

    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert all(map(isfinite, numbers(result)))
    has_signal = any(person["weights"] for person in result["group"]["members"])
    assert bool(result["ranking"]) == has_signal
    assert bool(result["unranked"]) != has_signal
    assert (result["group"]["compromise"] is not None) == has_signal


def test_group_without_frameworks_has_a_result(knowledge):
    for framework in (knowledge.flask, knowledge.django):
        framework.status = "draft"
        framework.save()

    result = told(ADA, BEN)

    assert result["ranking"] == []
    assert result["group"]["members"][0]["first"] == []


def test_one_person_alone_is_ranked_as_without_a_group(knowledge):
    alone = as_dict(result_for(Questionnaire.current(), ADA))

    together = told(ADA)

    assert scores(together) == pytest.approx(scores(alone))
    assert together["verdict"] == alone["verdict"]
    assert together["group"]["divide"] is None


def test_no_theme_decides_where_one_alone_is_weighed(knowledge):
    assert told(BEN)["group"]["decides"] is None

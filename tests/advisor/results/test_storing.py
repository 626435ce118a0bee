import json

import pytest
from django.db import connection

from advisor.models import Advice, Question
from advisor.questionnaire.reading import Questionnaire
from advisor.results.result import result_for
from advisor.results.storing import advise
from comparisons.choices import FeatureKind, Level, Stance, Status
from comparisons.models import KnowledgeVersion
from tests import factories as make
from tests.pages import read

LISTS = {
    "project": ["microservice"],
    "priority-learning": ["4"],
    "priority-batteries": ["2"],
    "team_knows": ["flask"],
}


def ask(answers=LISTS):
    return advise(Questionnaire.current(), answers)


def standing(result, framework):
    [found] = [row for row in result["ranking"] if row["framework"] == framework]
    return found


def slugs(rows):
    return [row["framework"] for row in rows]


# The ranking


def test_nobody_waits_to_write_while_a_result_is_worked_out(knowledge, monkeypatch):
    held = []

    def worked_out(*args):
        held.append(len(connection.atomic_blocks))
        return result_for(*args)

    monkeypatch.setattr("advisor.results.storing.result_for", worked_out)
    ask()

    assert held == [len(connection.atomic_blocks)]


def test_advice_ranks_by_the_weighted_sum(knowledge):
    result = ask().result

    # Ten points: project 4, learning 4, batteries 2; what is known is half of learning.
    flask = (4 * 1.0 + 4 * (0.75 + 1) / 2 + 2 * (0.6 * 0.6 + 0.4 * 0.25)) / 10
    django = (4 * 0.4 + 4 * (0.5 + 0) / 2 + 2 * 1.0) / 10
    assert standing(result, "flask")["exact"] == pytest.approx(100 * flask)
    assert standing(result, "django")["exact"] == pytest.approx(100 * django)
    assert [
        (row["framework"], row["rank"], row["score"]) for row in result["ranking"]
    ] == [("flask", 1, 84), ("django", 2, 46)]
    assert "Flask" in result["verdict"]
    assert "84 of 100 points" in result["verdict"]


def test_echo_repeats_the_answers_in_words_and_order(knowledge):
    echo = ask().result["echo"]

    assert [(item["question"], item["answers"]) for item in echo] == [
        ("project", ["Microservice"]),
        ("priority-learning", ["4"]),
        ("priority-batteries", ["2"]),
        ("must_haves", []),
        ("team_knows", ["Flask"]),
        ("candidates", []),
    ]


def test_echo_leaves_out_what_was_not_asked(knowledge):
    make.make_tie_break(slug="most", themes=[knowledge.learning], points=3)

    assert "most" not in [item["question"] for item in ask().result["echo"]]


def test_project_lends_its_name_to_its_theme(knowledge):
    result = ask().result

    assert result["themes"][0] == {
        "slug": "project",
        "name": "Microservice",
        "points": 4,
        "weight": pytest.approx(4 / 10),
    }


def test_main_project_counts_half_and_two_frameworks_may_serve_better(knowledge):
    shop = make.make_feature(slug="shop", name="Shop", kind=FeatureKind.USE_CASE)
    for framework, level in (
        (knowledge.flask, Level.POOR),
        (knowledge.django, Level.STRONG),
    ):
        make.make_finding(framework=framework, feature=shop, level=level, cited=True)
    project = Questionnaire.current().questions[0]
    make.make_effect(
        choice=make.make_choice(question=project, slug="shop", label="A shop"),
        feature=shop,
        points=4,
    )

    result = ask({"project": ["microservice", "shop"]}).result

    flask = standing(result, "flask")
    assert [part["weight"] for part in flask["contributions"]] == [0.5, 0.5]
    assert flask["exact"] == pytest.approx(50)
    assert result["pair"]["serves"] == {"microservice": "flask", "shop": "django"}
    assert "100 points together against 70 for one" in result["pair"]["sentence"]


def test_project_that_leaves_a_framework_out_is_served_by_another(knowledge):
    project = Questionnaire.current().questions[0]
    desk = make.make_choice(question=project, slug="desk", label="A desk")
    make.make_effect(choice=desk, feature=knowledge.admin, level=Level.THIRD_PARTY)

    result = ask({"project": ["microservice", "desk"], "priority-learning": ["1"]})

    assert slugs(result.result["ranking"]) == ["django"]


def test_main_project_is_named_first(knowledge):
    project = Questionnaire.current().questions[0]
    shop = make.make_choice(question=project, slug="shop", label="A shop")
    make.make_effect(choice=shop, feature=knowledge.microservice, points=4)

    result = ask({"project": ["shop", "microservice"]}).result

    assert result["echo"][0]["answers"] == ["A shop", "Microservice"]
    assert result["themes"][0]["name"] == "A shop, Microservice"


def test_what_the_team_knows_counts_once_and_names_no_finding(knowledge):
    for known in (["flask"], ["flask", "django"]):
        result = ask({**LISTS, "team_knows": known}).result
        for framework in ("flask", "django"):
            [part] = [
                part
                for part in standing(result, framework)["contributions"]
                if part["feature"] == "familiarity"
            ]
            is_known = framework in known
            assert part["value"] == is_known
            assert part["points"] == pytest.approx(20 * is_known)
            assert not part["is_finding"]
            said = "You named it." if is_known else "You did not name it."
            assert part["level_label"] == said


# Reasons, doubts and open facts


def test_reasons_are_the_largest_points_and_doubts_the_largest_losses(knowledge):
    result = ask().result
    reasons = standing(result, "flask")["reasons"]
    doubts = standing(result, "django")["doubts"]

    largest = ["microservice", "familiarity", "ease-of-learning"]
    assert [reason["feature"] for reason in reasons] == largest
    assert [doubt["feature"] for doubt in doubts] == largest
    assert [doubt["lost"] for doubt in doubts] == pytest.approx([24, 20, 10])
    assert reasons[2]["level_label"] == "High"
    assert reasons[2]["is_contested"]
    assert reasons[2]["sources"] == [
        {"number": 1, "slug": "flask-docs", "title": "Flask docs"}
    ]
    for row in result["ranking"]:
        strengths = {part["feature"] for part in row["reasons"]}
        assert strengths.isdisjoint(part["feature"] for part in row["doubts"])


def test_unknown_fact_widens_the_score_within_its_bounds_and_is_open(knowledge):
    make.make_share(theme=knowledge.learning, feature=knowledge.throughput, share="1.0")
    answers = {"priority-learning": ["1"]}

    row = standing(ask(answers).result, "flask")

    # Ease of learning is high, throughput anything from very low to very high.
    assert (row["low"], row["exact"], row["high"]) == pytest.approx((37.5, 62.5, 87.5))
    assert row["coverage"] == 0.5
    assert row["is_too_little_known"]
    assert [(fact["feature"], fact["spread"]) for fact in row["open"]] == [
        ("throughput", pytest.approx(50))
    ]
    make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        level=Level.UNKNOWN,
        at_least=Level.MEDIUM,
    )
    row = standing(ask(answers).result, "flask")
    assert (row["low"], row["high"]) == pytest.approx((62.5, 87.5))


def test_only_unknown_facts_can_still_bring_another_framework_first(knowledge):
    known = ask({"priority-learning": ["4"]}).result
    make.make_framework(slug="unexplored")

    widened = ask({"priority-learning": ["4"]}).result

    assert [row["is_possible_winner"] for row in known["ranking"]] == [True, False]
    assert standing(widened, "unexplored")["is_possible_winner"]


# Must-haves


def test_framework_that_fails_a_must_have_is_left_out_with_its_source(knowledge):
    result = ask({**LISTS, "must_haves": ["admin-interface"]}).result

    assert slugs(result["ranking"]) == ["django"]
    [excluded] = result["excluded"]
    [failed] = excluded["failed"]
    assert (excluded["framework"], excluded["tier"]) == ("flask", "excluded")
    assert failed["feature"] == "admin-interface"
    assert failed["required_label"] == "Third-party package"
    assert failed["level_label"] == "Write it yourself"
    assert [source["slug"] for source in failed["sources"]] == ["flask-docs"]
    assert result["verdict"] == "Django is the only one left, with 51 of 100 points."
    [way] = result["relaxations"]
    assert (way["kind"], way["returning"]) == ("drop", ["Flask"])
    assert way["answers"] == LISTS
    assert failed["sentence"] == "leaves “Admin interface” to you"
    assert result["must_haves"][0]["leaves_out"] == ["Flask"]


def test_framework_of_which_a_must_have_is_unknown_stands_in_a_second_tier(
    knowledge, client
):
    choice = make.make_choice(
        question=Questionnaire.current().questions[3], slug="fast"
    )
    make.make_effect(choice=choice, feature=knowledge.throughput, level=Level.MEDIUM)

    advice = ask({**LISTS, "must_haves": ["fast"]})

    result = advice.result
    assert [(row["framework"], row["tier"]) for row in result["ranking"]] == [
        ("django", "fits"),
        ("flask", "unverified"),
    ]
    assert standing(result, "flask")["unverified"] == [
        {"feature": "throughput", "name": "Throughput"}
    ]
    assert result["verdict"] == (
        "Django comes first with 46 of 100 points: it alone is known to meet every "
        "must-have."
    )
    page = read(client.get(advice.get_absolute_url())).text
    assert "Not verified: Throughput . We do not know whether it meets" in page


def test_must_haves_that_nobody_meets_say_which_to_drop(knowledge, client):
    question = Questionnaire.current().questions[3]
    none = make.make_feature(slug="teleport", name="Teleport")
    for framework in (knowledge.flask, knowledge.django):
        make.make_finding(framework=framework, feature=none, level=Level.NONE)
    make.make_effect(
        choice=make.make_choice(question=question, slug="teleport"), feature=none
    )

    advice = ask({**LISTS, "must_haves": ["admin-interface", "teleport"]})

    result = advice.result
    assert result["ranking"] == []
    assert result["verdict"] == "No framework meets all your must-haves."
    # Closest to fitting first.
    assert slugs(result["excluded"]) == ["django", "flask"]
    back = {
        feature: item["returning"]
        for item in result["relaxations"]
        if item["kind"] == "drop"
        for feature in item["features"]
    }
    assert back == {"teleport": ["Django"]}
    page = read(client.get(advice.get_absolute_url())).text
    assert "Without Teleport, 1 framework comes back: Django." in page


@pytest.mark.parametrize(("most", "posted"), [(2, ["routing", "orm"]), (1, None)])
def test_weaker_must_have_is_offered_where_the_form_has_room(knowledge, most, posted):
    will_do = make_must_have("must_haves", "routing", knowledge.routing)
    make_must_have("must_haves", "orm", knowledge.orm)
    make.make_question(slug="must_haves_in_the_box", position=9)
    make_must_have("must_haves_in_the_box", "orm", knowledge.orm, Level.OFFICIAL)
    will_do.most = most
    will_do.save()

    result = ask(
        {**LISTS, "must_haves": ["routing"], "must_haves_in_the_box": ["orm"]}
    ).result

    [way] = [way for way in result["relaxations"] if way["kind"] == "lower"]
    assert way["returning"] == ["Flask"]
    assert (way["answers"] and way["answers"]["must_haves"]) == posted


def make_must_have(slug, choice, feature, level=Level.THIRD_PARTY):
    question = Question.objects.get(slug=slug)
    choice = make.make_choice(question=question, slug=choice)
    make.make_effect(choice=choice, feature=feature, level=level)
    return question


# Who is ranked, and whether there is a ranking at all


def test_candidates_limit_the_ranking_and_change_no_score(knowledge):
    everybody = ask().result
    one = ask({**LISTS, "candidates": ["django"]}).result

    assert slugs(one["ranking"]) == ["django"]
    assert standing(one, "django")["exact"] == standing(everybody, "django")["exact"]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"priority-learning": ["0"], "priority-batteries": ["0"]},
        {"must_haves": ["admin-interface"]},
        {"candidates": ["django"]},
    ],
    ids=str,
)
def test_without_a_signal_there_is_no_ranking(knowledge, client, answers):
    advice = ask(answers)

    assert advice.result["ranking"] == []
    assert advice.result["verdict"].startswith("There is no ranking")
    assert slugs(advice.result["unranked"]) == sorted(slugs(advice.result["unranked"]))
    page = read(client.get(advice.get_absolute_url())).text
    assert "Without a signal any order would be invented" in page


def test_equals_share_the_first_place(knowledge):
    make.make_question(slug="routes", position=9)
    question = Questionnaire.current().questions[-1]
    make.make_effect(
        choice=make.make_choice(question=question, slug="yes"),
        feature=knowledge.routing,
        points=1,
    )

    result = ask({"routes": ["yes"]}).result

    assert [row["rank"] for row in result["ranking"]] == [1, 1]
    assert result["verdict"] == ("Django and Flask are level: 100 of 100 points.")


# What is stored


def test_advice_is_stored_as_it_was_computed(knowledge):
    advice = ask()
    computed = json.loads(json.dumps(advice.result))

    stored = Advice.objects.get()

    assert stored == advice
    assert stored.result == computed
    assert stored.answers == LISTS
    assert stored.data_version == KnowledgeVersion.current()


def test_result_stays_as_it_was_when_the_knowledge_changes(knowledge, client):
    advice = ask()
    before = client.get(f"/advisor/results/{advice.pk}.json").content

    knowledge.flask_orm.level = Level.BUILT_IN
    knowledge.flask_orm.note = "It changed."
    knowledge.flask_orm.save()
    knowledge.orm.name = "Object mapper"
    knowledge.orm.save()

    assert client.get(f"/advisor/results/{advice.pk}.json").content == before
    assert ask().result["ranking"] != advice.result["ranking"]


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_advice_rests_on_what_is_published_alone(knowledge, status):
    before = ask().result

    make.make_framework(slug="hidden", status=status)
    make.make_finding(
        framework=knowledge.flask,
        feature=knowledge.throughput,
        level=Level.VERY_HIGH,
        status=status,
        cited=True,
    )

    assert ask().result == before


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_withdrawn_finding_is_unknown(knowledge, status):
    knowledge.flask_orm.status = status
    knowledge.flask_orm.save()

    row = standing(ask({"priority-batteries": ["1"]}).result, "flask")

    assert (row["low"], row["high"]) == pytest.approx((10, 70))


def test_source_that_only_disputes_is_no_evidence(knowledge):
    make.make_citation(
        finding=knowledge.django_orm, source=knowledge.blog, stance=Stance.DISPUTES
    )

    [orm, *_] = standing(ask({"priority-batteries": ["1"]}).result, "django")["reasons"]

    assert [source["slug"] for source in orm["sources"]] == ["django-docs"]
    assert orm["is_contested"]

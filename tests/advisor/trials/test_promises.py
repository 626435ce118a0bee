"""What the advisor promises of its results, counted on the shipped knowledge."""

from dataclasses import replace
from operator import itemgetter

import numpy as np
import pytest
from django.db import connection

from advisor.choices import QuestionKind
from advisor.groups.storing import answer, combine, start_group
from advisor.models import Advice, GroupAdvice, Persona
from advisor.questionnaire.candidates import candidates, read_known
from advisor.questionnaire.changes import single_changes
from advisor.questionnaire.interview import interview
from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.draws import CONTESTED_SLIP
from advisor.ranking.order import rank
from advisor.ranking.robustness import (
    STEP_CHANCES,
    Certainty,
    Draws,
    certainty,
)
from advisor.results.changes import changes_of_first
from advisor.results.pair import pair_for
from advisor.results.storing import advise
from advisor.trials.answers import random_answers

pytestmark = pytest.mark.django_db


class Advisor:
    """The shipped advisor, asked without a database between two questions."""

    def __init__(self):
        self.questionnaire = Questionnaire.current()
        self.known = read_known(self.questionnaire)
        self.themes = {
            question.slug: question.theme.slug
            for question in self.questionnaire.questions
            if question.kind == QuestionKind.PRIORITY
            and self.questionnaire.shares.get(question.theme.slug)
        }

    def ask(self, answers, known=None):
        preferences = self.questionnaire.preferences(answers)
        chosen = candidates(self.questionnaire, preferences, known or self.known)
        return preferences, rank(preferences.criteria, chosen, preferences.requirements)

    def changes(self, answers):
        preferences, ranking = self.ask(answers)
        return ranking, changes_of_first(
            self.questionnaire, answers, preferences, ranking, self.known
        )


@pytest.fixture
def advisor(shipped_knowledge):
    return Advisor()


def firsts(ranking):
    return {standing.candidate.slug for standing in ranking.leaders}


# Must-haves


def test_a_good_package_leaves_out_few_and_the_box_many(advisor):
    left_out = {}
    for question in ("must_haves", "must_haves_in_the_box"):
        for choice in advisor.questionnaire.offered[question]:
            _, ranking = advisor.ask({question: [choice], "priority-light": ["1"]})
            for standing in ranking.excluded:
                left_out.setdefault((question, standing.candidate.slug), []).append(
                    choice
                )

    assert left_out["must_haves", "flask"] == ["search"]
    assert len(left_out["must_haves_in_the_box", "flask"]) > 20
    # What has alpha versions alone is no package to rely on.
    assert "admin-interface" in left_out["must_haves", "aiohttp"]


# Changes


def test_every_change_puts_first_whom_it_names(advisor):
    told = 0
    for answers in random_answers(advisor.questionnaire, 200):
        ranking, changes = advisor.changes(answers)
        for change in changes:
            _, after = advisor.ask(change["answers"])
            assert after.standings[0].candidate.slug == change["framework"]
            assert firsts(after).isdisjoint(firsts(ranking))
        names = [change["framework"] for change in changes]
        assert len(names) == len(set(names)) <= 3
        told += bool(changes)
        if firsts(ranking) and not changes:
            assert not list(others_first(advisor, answers, ranking))
    assert told >= 100


def others_first(advisor, answers, ranking):
    """Yield the changes of ``answers`` that put others first, each ranked alone."""
    preferences, _ = advisor.ask(answers)
    for change in single_changes(advisor.questionnaire, answers, preferences, None):
        changed, after = advisor.ask(change.answers)
        is_other = firsts(after) and firsts(ranking).isdisjoint(firsts(after))
        if preferences.criteria and changed.criteria and is_other:
            yield change


# Two frameworks


@pytest.mark.parametrize(
    ("projects", "pair", "worth"),
    [
        (["rest-api", "crud-app"], {"django", "fastapi"}, "unless it costs a lot"),
        (["rest-api", "crud-app", "realtime-app"], {"django", "fastapi"}, "little"),
    ],
    ids=["some", "little"],
)
def test_two_frameworks_are_named_and_what_they_may_cost(
    advisor, projects, pair, worth
):
    preferences, ranking = advisor.ask({"project": projects})

    found = pair_for(advisor.questionnaire, preferences, ranking, advisor.known)

    assert set(found["frameworks"]) == pair
    assert worth in found["sentence"]


# What a team knows


def test_what_a_team_knows_counts_only_as_much_as_learning_does(advisor):
    for answers in random_answers(advisor.questionnaire, 30):
        answers.pop("priority-learning", None)
        _, before = advisor.ask(answers)
        for framework in ("bottle", "django", "starlette"):
            _, after = advisor.ask({**answers, "team_knows": [framework]})
            assert places(after) == places(before)


def test_what_a_team_knows_outweighs_nothing_that_is_important(advisor):
    for question, theme in advisor.themes.items():
        if theme == "learning":
            continue
        _, alone = advisor.ask({question: ["2"]})
        best, *_, worst = [each.candidate.slug for each in alone.standings]
        known = {"priority-learning": ["1"], "team_knows": [worst]}
        _, ranking = advisor.ask({question: ["2"], **known})
        assert places(ranking)[best] < places(ranking)[worst], theme


def places(ranking):
    return {each.candidate.slug: each.rank for each in ranking.standings}


# Certainty


def test_a_label_holds_as_often_as_it_says_when_all_is_taken_again(advisor):
    random = np.random.RandomState(20261130)
    others = [another_knowledge(random, advisor) for _ in range(20)]
    lost = {label: [] for label in Certainty}
    for _ in range(400):
        answers = realistic(random, advisor)
        preferences, ranking = advisor.ask(answers)
        draws = Draws(ranking.standings, [preferences.person], advisor.known.evidence)
        label = certainty(ranking, draws.acceptability(300), len(preferences.points))
        for _ in range(3 if label else 0):
            other = others[random.randint(len(others))]
            _, again = advisor.ask(retaken(random, advisor, answers), other)
            lost[label].append(firsts(ranking).isdisjoint(firsts(again)))

    share = {label: np.mean(outcomes) for label, outcomes in lost.items()}
    print({str(label): round(float(part), 3) for label, part in share.items()})
    assert share[Certainty.CLEAR] <= 0.07
    assert 0.20 <= share[Certainty.LIKELY] <= 0.40
    assert share[Certainty.CLOSE_CALL] >= 0.40


def step(random):
    return str(random.choice(list(STEP_CHANCES), p=list(STEP_CHANCES.values())))


def realistic(random, advisor):
    """Answers as visitors give them: a project, some themes, a must-have or two."""
    offered = advisor.questionnaire.offered
    questions = list(advisor.themes)
    chosen = random.choice(questions, random.randint(3, 6), replace=False)
    answers = {question: [step(random)] for question in chosen}
    if random.rand() < 0.9:
        answers["project"] = [random.choice(offered["project"])]
    if random.rand() < 0.5:
        answers["must_haves"] = [random.choice(offered["must_haves"])]
    if random.rand() < 0.3:
        answers["team_knows"] = [random.choice(offered["team_knows"])]
    return answers


def retaken(random, advisor, answers):
    """One in three priorities moves a step; half of what was skipped is answered."""
    steps = [str(each) for each in STEP_CHANCES]
    again = dict(answers)
    for question in advisor.themes:
        if question not in answers:
            if random.rand() < 0.5:
                again[question] = [str(random.choice([0, 1, 2], p=[0.5, 0.3, 0.2]))]
        elif random.rand() < 1 / 3:
            place = steps.index(answers[question][0]) + random.choice([-1, 1])
            again[question] = [steps[min(max(place, 0), len(steps) - 1)]]
    return again


def another_knowledge(random, advisor):
    """The knowledge as other editors might have written it, in whatever order it is."""
    evidence = advisor.known.evidence
    scales = {
        id(ladder): [low + (high - low) * random.rand() for low, high in ladder.ranges]
        for _, ladder in sorted(evidence.ladders.items(), key=itemgetter(0))
    }

    def another(framework, feature, bounds):
        ladder = evidence.ladders.get(feature)
        if bounds[0] != bounds[1] or ladder is None:
            return (random.uniform(*bounds),) * 2
        rung, top = ladder.worths.index(bounds[0]), len(ladder.worths) - 1
        is_contested = (framework, feature) in evidence.contested
        if random.rand() < (CONTESTED_SLIP if is_contested else ladder.slip):
            rung += 1 if rung == 0 else -1 if rung == top else random.choice([-1, 1])
        return (scales[id(ladder)][rung],) * 2

    return replace(
        advisor.known,
        bounds={
            framework: {
                feature: another(framework, feature, bounds)
                for feature, bounds in sorted(known.items())
            }
            for framework, known in sorted(advisor.known.bounds.items())
        },
        # Whether a must-have is met does not depend on what a level is worth.
        provided={
            (framework, feature): bounds
            for framework, known in advisor.known.bounds.items()
            for feature, bounds in known.items()
        }
        | advisor.known.provided,
    )


# The next question


def test_few_questions_find_the_first_place_of_all_answers(advisor):
    random = np.random.RandomState(9)
    asked, found = [], []
    for _ in range(250):
        project = random.choice(advisor.questionnaire.offered["project"])
        whole = {question: [step(random)] for question in advisor.themes}
        whole["project"] = [project]
        _, goal = advisor.ask(whole)
        answers = {"project": [project]}
        while question := interview(advisor.questionnaire, answers).question:
            answers[question.slug] = whole[question.slug]
        _, ranking = advisor.ask(answers)
        asked.append(len(answers) - 1)
        found.append(not firsts(ranking).isdisjoint(firsts(goal)))

    print(f"{np.mean(asked):.2f} questions, {np.mean(found):.1%} as with all answers")
    assert np.mean(asked) <= 3.3
    assert np.mean(found) >= 0.96


# What is stored


def test_stored_results_are_small(advisor):
    personas = [persona.answered for persona in Persona.objects.all()]
    for answers in [*personas, *random_answers(advisor.questionnaire, 50)]:
        advise(advisor.questionnaire, answers)
    group, _ = start_group("")
    for number, answers in enumerate(personas[:12]):
        answer(group, str(number), name="", answers=answers)
    combine(advisor.questionnaire, group)

    for model in (Advice, GroupAdvice):
        size = "length(result) + length(CAST(answers AS text))"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max({size}) FROM {model._meta.db_table}")
            [largest] = cursor.fetchone()
        print(f"{model.__name__}: {largest:,} bytes at most")
        assert largest <= 30_000

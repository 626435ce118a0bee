"""A visitor's answers with one thing changed, as the form could post them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError

from advisor.choices import NO_ANSWER, QuestionKind
from advisor.questionnaire.elicitation import Answers
from advisor.questionnaire.preferences import PACKAGE_WILL_DO, MustHave, Preferences
from advisor.questionnaire.reading import Questionnaire


class ChangeKind(StrEnum):
    """What is answered otherwise."""

    PRIORITY = "priority"
    WEAKER = "weaker"
    STRICTER = "stricter"
    DROPPED = "dropped"
    TEAM_KNOWS = "team_knows"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One answer given otherwise: what it is about, and how it is put before and after.

    ``answers`` are all that the form would post; ``steps`` is how far that is.
    """

    kind: ChangeKind
    about: str
    before: str
    after: str
    answers: Answers
    steps: int


def single_changes(
    questionnaire: Questionnaire,
    answers: Answers,
    preferences: Preferences,
    second: str | None,
) -> Iterator[Change]:
    """Yield every change of one answer that the form would take.

    That is a step of a priority, a must-have, or ``second`` known to the team: the
    framework that stands behind the first.
    """
    for change in _changes(questionnaire, answers, preferences, second):
        is_step = change.kind == ChangeKind.PRIORITY
        if is_step or would_take(questionnaire, change.answers):
            yield change


def would_take(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether the form takes ``answers``."""
    try:
        for question in questionnaire.answered(answers):
            values = list(answers[question.slug])
            field = questionnaire.fields[question.slug]
            field.clean(values if question.takes_several else values[0])
    except ValidationError:
        return False
    return True


def _changes(questionnaire, answers, preferences, second):
    for question in questionnaire.questions:
        if question.kind == QuestionKind.PRIORITY:
            yield from _steps(questionnaire, question, answers, preferences)
        elif question.kind == QuestionKind.TEAM_KNOWS:
            known = list(answers.get(question.slug, []))
            if second and second not in known:
                yield Change(
                    kind=ChangeKind.TEAM_KNOWS,
                    about=question.text,
                    before="",
                    after=second,
                    answers={**answers, question.slug: [*known, second]},
                    steps=2,
                )
    for must_have in preferences.must_haves:
        yield from _must_haves(questionnaire, must_have, answers)


def move_must_have(
    answers: Answers, must_have: MustHave, to: str | None
) -> dict[str, list[str]]:
    """Return ``answers`` with ``must_have`` in the question ``to``; None drops it."""
    moved = {question: list(values) for question, values in answers.items()}
    for question in {must_have.question, PACKAGE_WILL_DO}:
        if must_have.choice in moved.get(question, ()):
            moved[question].remove(must_have.choice)
    if to:
        moved.setdefault(to, []).append(must_have.choice)
    return {question: values for question, values in moved.items() if values}


def _steps(questionnaire, question, answers, preferences):
    theme = question.theme.slug
    if not preferences.shares.get(theme):
        return
    options = questionnaire.choices(question)
    values = [value for value, *_ in options]
    chosen = next(iter(answers.get(question.slug, [])), None)
    silent = len(values) - 1 if theme in preferences.points else 0
    now = values.index(chosen) if chosen in values else silent
    for place, (value, label, _) in enumerate(options):
        if place != now:
            yield Change(
                kind=ChangeKind.PRIORITY,
                about=question.theme.name,
                before=options[now][1] if chosen else NO_ANSWER,
                after=label,
                answers={**answers, question.slug: [value]},
                steps=abs(place - now),
            )


def _must_haves(questionnaire, must_have, answers):
    """Yield the must-have dropped, and in each other strength."""
    places: list[tuple[ChangeKind, str | None]] = [(ChangeKind.DROPPED, None)]
    for question in questionnaire.questions:
        if (
            question.kind == QuestionKind.MUST_HAVES
            and question.slug != must_have.question
        ):
            is_weaker = question.slug == PACKAGE_WILL_DO
            kind = ChangeKind.WEAKER if is_weaker else ChangeKind.STRICTER
            places.append((kind, question.slug))
    for kind, to in places:
        yield Change(
            kind=kind,
            about=must_have.feature.name,
            before=must_have.level.label,
            after="",
            answers=move_must_have(answers, must_have, to),
            steps=2 if kind == ChangeKind.DROPPED else 1,
        )

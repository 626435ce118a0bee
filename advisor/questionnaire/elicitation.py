"""What a set of answers brings up before it is weighed.

Which answers count, which of them pull against each other, which themes tie for
the first place and who gave each its points. Nothing here ranks: what an answer
does stands in the effects of its choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.choices import EffectKind, Provenance, QuestionKind

# From so many themes on the top step, the visitor is asked for an order.
ENOUGH_TO_ORDER = 4

# What a visitor answers, as lists of values by question.
Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The answers that count, and what the visitor should know about them."""

    answers: Answers
    warnings: Sequence[str]


def is_chosen(choice, answers):
    """Whether ``answers`` make ``choice``; any framework makes its question's."""
    values = answers.get(choice.question.slug)
    return bool(values) and (
        choice.slug in values or QuestionKind(choice.question.kind).asks_for_frameworks
    )


def is_asked(questionnaire, question, answers):
    """Whether the form puts ``question`` to those who gave these ``answers``."""
    if question.kind == QuestionKind.TIE_BREAK:
        return bool(tied_themes(questionnaire, answers))
    return question.shown_if is None or is_chosen(question.shown_if, answers)


def choices_made(questionnaire, answers):
    """Yield each question that is answered with each choice that ``answers`` make."""
    for question in questionnaire.answered(answers):
        values = answers[question.slug]
        any_will_do = QuestionKind(question.kind).asks_for_frameworks
        for choice in questionnaire.choices_of[question.slug]:
            if any_will_do or choice.slug in values:
                yield question, choice


def heed(questionnaire, answers):
    """Return what counts of ``answers``: a condition has to be met, a tie to be."""
    counted = dict(answers)
    warnings = []
    for question in questionnaire.answered(answers):
        condition = question.shown_if_id and question.shown_if
        if condition and not is_chosen(condition, answers):
            del counted[question.slug]
            warnings.append(
                f"“{question.text}” is only for those who chose “{condition.label}”, "
                "so your answer does not count."
            )
    warnings += _drop_idle_tie_breaks(questionnaire, counted)
    warnings += [
        conflict.message
        for conflict in questionnaire.conflicts
        if is_chosen(conflict.first, counted) and is_chosen(conflict.second, counted)
    ]
    return Heard(answers=counted, warnings=warnings)


def given_points(questionnaire, answers):
    """Return the points that the priority questions of ``answers`` give, by theme."""
    return {
        question.theme.slug: points
        for question, choice in choices_made(questionnaire, answers)
        if (points := _points_for_its_theme(questionnaire, question, choice))
        is not None
    }


def tied_themes(questionnaire, answers):
    """Return the themes that share the top step, if they are enough to order."""
    points = given_points(questionnaire, answers)
    top = max(points.values(), default=0)
    tied = {theme for theme, given in points.items() if given == top}
    return tied if top and len(tied) >= ENOUGH_TO_ORDER else set()


def provenance(questionnaire, answers):
    """Return who gave each theme its points, where a priority question did."""
    preset = next(map(questionnaire.preset, answers.get("preset", [])), None)
    suggested = _suggested_points(preset) if preset else {}
    return {
        theme: (
            Provenance.PRESET if suggested.get(theme) == points else Provenance.VISITOR
        )
        for theme, points in given_points(questionnaire, answers).items()
    }


def suggested_answers(questionnaire, preset):
    """Return the answers to the priority questions that ``preset`` suggests."""
    suggested = _suggested_points(preset)
    return {
        question.slug: [choice.slug]
        for question in questionnaire.questions
        if question.theme and question.theme.slug in suggested
        for choice in questionnaire.choices_of[question.slug]
        if _points_for_its_theme(questionnaire, question, choice)
        == suggested[question.theme.slug]
    }


def _suggested_points(preset):
    return {part.theme.slug: part.points for part in preset.points.all()}


def _points_for_its_theme(questionnaire, question, choice):
    """Return the points that ``choice`` sets where ``question`` weighs a theme."""
    if question.theme is None:
        return None
    own = [
        effect
        for effect in questionnaire.effects_of[choice.pk]
        if effect.theme_id == question.theme_id
    ]
    set_by_it = [each.points for each in own if each.kind == EffectKind.SET_POINTS]
    return next(iter(set_by_it), None)


def _drop_idle_tie_breaks(questionnaire, counted):
    """Drop places of themes that do not tie from ``counted``; return warnings."""
    placed = [
        (question, choice)
        for question, choice in choices_made(questionnaire, counted)
        if question.kind == QuestionKind.TIE_BREAK
    ]
    tied = tied_themes(questionnaire, counted) if placed else set()
    warnings = []
    for question, choice in placed:
        themes = {e.theme.slug for e in questionnaire.effects_of[choice.pk]}
        if not themes <= tied:
            counted.pop(question.slug, None)
            warnings.append(
                f"“{choice.label}” does not share the top step with at least "
                f"{ENOUGH_TO_ORDER - 1} others, so its place does not count."
            )
    return warnings

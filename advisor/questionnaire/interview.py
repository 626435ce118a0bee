"""The form one question at a time: what to ask next of somebody, and when to stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.choices import QuestionKind
from advisor.models import Question
from advisor.questionnaire.candidates import known_of, ranking_of
from advisor.questionnaire.elicitation import is_asked
from advisor.questionnaire.reading import Questionnaire
from advisor.questionnaire.shortlist import shortlist
from advisor.ranking.robustness import Draws, Settled

# Names the question to show again, though it has been asked.
AGAIN = "again"
# What is asked one by one, the first kind first; the whole form asks the rest.
KINDS = (QuestionKind.PROJECT, QuestionKind.PRIORITY)

# The values given to each question, in the order of asking: "" where it was skipped.
Said = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Interview:
    """The question to ask now, if one is left, after what was ``said``.

    ``asked`` are the questions that were put before, in their order; ``settled`` is
    None while nobody said what matters.
    """

    said: Said
    asked: Sequence[Question]
    question: Question | None
    settled: Settled | None = None

    @property
    def is_settled(self) -> bool:
        """Whether other answers would hardly change the first place."""
        return self.settled is not None and self.settled.next_theme is None

    @property
    def is_again(self) -> bool:
        """Whether the question has been asked before."""
        return self.question in self.asked

    @property
    def place(self) -> int:
        """The place of the question among those that are asked, from 1."""
        asked = [*self.asked, self.question]
        return asked.index(self.question) + 1

    @property
    def others(self) -> Said:
        """What was said besides an answer to the question."""
        now = self.question and self.question.slug
        return {slug: values for slug, values in self.said.items() if slug != now}

    @property
    def skipping(self) -> Said:
        """What would be said by skipping the question."""
        return {**self.others, self.question.slug: [""]} if self.question else self.said

    @property
    def answers(self) -> Said:
        """What was said, without what was skipped."""
        return {slug: values for slug, values in self.said.items() if any(values)}

    @property
    def links(self) -> list[tuple[Question, Said]]:
        """Each question that was asked, with what leads back to it without loss."""
        return [(each, {**self.said, AGAIN: [each.slug]}) for each in self.asked]

    @property
    def back(self) -> Said | None:
        """What leads back to the question before; None at the first one."""
        before = self.links[: self.place - 1]
        return before[-1][1] if before else None


def interview(questionnaire: Questionnaire, said: Said, again: str = "") -> Interview:
    """Return what to ask after what was ``said``, or ``again`` of what was asked.

    What is built comes first; then, as below a result, the theme whose answer would
    settle the first place most, until further answers would hardly change it.
    """
    questions = {question.slug: question for question in questionnaire.questions}
    asked = [
        questions[slug]
        for slug in said
        if slug in questions and questions[slug].kind in KINDS
    ]
    whole = Interview(said=said, asked=asked, question=None)
    open_projects = (
        question
        for question in questionnaire.questions
        if question.kind == QuestionKind.PROJECT
        and question not in asked
        and is_asked(questionnaire, question, whole.answers)
    )
    question, how_far = next(open_projects, None), None
    preferences = questionnaire.preferences(whole.answers)
    themes: Sequence[str] = preferences.skipped
    if preferences.criteria:
        offered = questionnaire.chosen_frameworks(preferences)
        known = known_of(questionnaire, shortlist(questionnaire, offered, preferences))
        ranking = ranking_of(questionnaire, preferences, known)
        how_far = Draws(ranking.standings, [preferences.person]).settled()
        themes = list(how_far.gains) if how_far.next_theme else []
    weighing = (questionnaire.question_on(theme) for theme in themes)
    left = (each for each in weighing if each not in asked)
    shown = next((each for each in asked if each.slug == again), None)
    return Interview(
        said=said,
        asked=asked,
        question=shown or question or next(left, None),
        settled=how_far,
    )


def as_told(questionnaire: Questionnaire, question: Question) -> dict[str, Any]:
    """Return a ``question`` on a theme with its answers, as plain JSON."""
    theme = question.theme
    return {
        "question": question.slug,
        "theme": theme.slug,
        "name": theme.name,
        "text": question.text,
        "worst": theme.worst,
        "best": theme.best,
        "options": [
            {"value": value, "label": label}
            for value, label, _ in questionnaire.choices(question)
        ],
    }

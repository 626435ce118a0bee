"""How often a first place stays when one answer moves a step, by how sure it was."""

from collections.abc import Mapping

from advisor.choices import QuestionKind
from advisor.ranking.robustness import Certainty
from advisor.trials.agreement import Rate
from advisor.trials.answers import Trial, certainty_of


def held(trial: Trial) -> Mapping[Certainty, Rate]:
    """Return how often the first place stays, over every single step of a priority.

    It stays if one of those that were first still is. Labels that no answers get are
    left out.
    """
    kept: dict[Certainty, list[bool]] = {label: [] for label in Certainty}
    for answers, ranking in trial.told:
        preferences = trial.questionnaire.preferences(answers)
        label = certainty_of(preferences, ranking, trial.known)
        if label is None:
            continue
        first = _firsts(ranking)
        for moved in _one_step_off(trial.questionnaire, answers):
            after = trial.rank(moved)
            kept[label].append(bool(after and first & _firsts(after)))
    return {
        label: Rate(sum(outcomes), len(outcomes))
        for label, outcomes in kept.items()
        if outcomes
    }


def _firsts(ranking):
    return {standing.candidate.slug for standing in ranking.leaders}


def _one_step_off(questionnaire, answers):
    """Yield ``answers`` with one of the answered priorities a step up or down."""
    for question in questionnaire.questions:
        if question.kind != QuestionKind.PRIORITY or question.slug not in answers:
            continue
        steps = questionnaire.offered[question.slug]
        [answer] = answers[question.slug]
        place = steps.index(answer)
        for other in (place - 1, place + 1):
            if 0 <= other < len(steps):
                yield {**answers, question.slug: [steps[other]]}

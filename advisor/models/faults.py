"""What keeps a theme or a question from being published.

Only what concerns the row itself, so that looking is cheap; ``audit`` looks at
the questionnaire as a whole.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from advisor.choices import QuestionKind, ThemeBasis


def theme_faults(theme) -> Iterator[str]:
    """Yield what is wrong with the shares of ``theme``, in sentences."""
    if theme.basis != ThemeBasis.FEATURES:
        return
    prefetch_related_objects([theme], "shares__feature")
    shares = theme.shares.all()
    total = sum((share.share for share in shares), Decimal(0))
    if total != 1:
        yield f"Its shares sum to {total.normalize():f}, not to 1."
    for share in shares:
        if not share.feature.is_published:
            yield f"It counts “{share.feature}”, which is not published."


def question_faults(question) -> Iterator[str]:
    """Yield what is wrong with the choices of ``question``, in sentences."""
    if question.pk is None:
        yield "It has no choices yet: save it as a draft, and add them."
        return
    prefetch_related_objects(
        [question],
        "theme",
        "shown_if__question",
        "choices__effects__theme",
        "choices__effects__feature",
    )
    if question.theme and not question.theme.is_published:
        yield f"It weighs “{question.theme}”, which is not published."
    condition = question.shown_if
    if condition and not condition.question.is_published:
        yield f"Its condition asks “{condition.question}”, which is not published."
    choices = question.choices.all()
    if not (choices or QuestionKind(question.kind).asks_for_frameworks):
        yield "It has no choices."
    for choice in choices:
        effects = choice.effects.all()
        if not effects:
            yield f"The choice “{choice}” has no effect."
        for effect in effects:
            if not effect.target.is_published and effect.target != question.theme:
                yield (
                    f"The choice “{choice}” acts on “{effect.target}”, which is not "
                    "published."
                )


def refuse_to_publish(row, faults):
    """Refuse the state of ``row`` if it is published with ``faults``."""
    if faults := list(faults):
        raise ValidationError(
            {
                "status": [
                    ValidationError(
                        "Nothing broken is published. Save it as a draft, put this "
                        "right, then publish.",
                        code="broken",
                    ),
                    *(ValidationError(fault, code="broken") for fault in faults),
                ]
            }
        )

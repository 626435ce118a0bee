"""Whether results were right, as their readers say: counted, and never by whom."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.utils import timezone

from advisor.choices import WasRight
from advisor.models import Advice, JudgedAdvice, Judgement
from advisor.results.format import complete
from comparisons.editing.locks import lock

# Of so many frameworks the counts are shown, the most often judged ones.
MOST_FRAMEWORKS = 12


def with_judged(advice: QuerySet[Advice]) -> QuerySet[Advice]:
    """Return ``advice`` with ``is_judged``: whether somebody said if it was right."""
    judged = JudgedAdvice.objects.filter(pk=OuterRef("pk"))
    return advice.annotate(is_judged=Exists(judged))


@transaction.atomic
def judge(advice: Advice, answer: WasRight) -> bool:
    """Count ``answer``; return False if ``advice`` was judged before, or ranks nobody.

    Of two who judge it at once, one is counted.

    Raises:
        DoesNotExist: somebody deleted it.
    """
    result = complete(lock(advice).result)
    if not result["ranking"]:
        return False
    _, is_new = JudgedAdvice.objects.get_or_create(pk=advice.pk)
    if is_new:
        Judgement.objects.update_or_create(
            month=timezone.localdate().replace(day=1),
            framework=result["ranking"][0]["framework"],
            certainty=result["certainty"] or "",
            answer=answer,
            defaults={"count": F("count") + 1},
            create_defaults={"count": 1},
        )
    return is_new


def judgements(by: str) -> list[dict[str, Any]]:
    """Return how often each answer was given, the most judged first.

    They are told apart ``by`` the framework or by the certainty.
    """
    counts: dict[str, dict[str, int]] = {}
    rows: Iterable[tuple[str, str, int]] = (
        Judgement.objects.order_by()
        .values_list(by, "answer")
        .annotate(total=Sum("count"))
    )
    for subject, answer, total in rows:
        counts.setdefault(subject, dict.fromkeys(WasRight.values, 0))[answer] = total
    told: list[dict[str, Any]] = [
        {"subject": subject, "total": sum(answers.values()), **answers}
        for subject, answers in counts.items()
    ]
    told.sort(key=lambda row: (-row["total"], row["subject"]))
    return told[:MOST_FRAMEWORKS]

"""When readers last saw a page of the knowledge change, as the change sets tell."""

from datetime import date, timedelta

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from comparisons.choices import ChangeKind
from comparisons.models import (
    ChangedObject,
    Comparison,
    Disagreement,
    Extension,
    Feature,
    Finding,
    Framework,
    Position,
    Section,
    Source,
)
from comparisons.prepared import prepared

# So long a row tells that it changed.
NEWS = timedelta(days=30)


def with_last_change(rows: QuerySet) -> QuerySet:
    """Add the moment of the last public change of each row's page as ``changed_at``.

    It is None where no set tells of one. Costs no query of its own.
    """
    changes = ChangedObject.objects.public().filter(ABOUT[rows.model])
    latest = changes.order_by("-pk").values("change_set__created_at")
    return rows.annotate(changed_at=Subquery(latest[:1]))


def lately_changed(framework: Framework, until: date) -> dict[str, date]:
    """Return {slug of a feature: the day on which the answer there changed last}.

    Of the days before ``until``; what came with the files is no news.
    """
    since = until - NEWS
    days = {slug: moment.date() for slug, moment in _changes(framework.pk)}
    return {slug: day for slug, day in days.items() if day >= since}


@prepared
def _changes(framework):
    changes = ChangedObject.objects.public().filter(framework=framework)
    edits = changes.exclude(change_set__kind=ChangeKind.LOAD).order_by()
    by_row = edits.filter(feature__slug__isnull=False).values_list("feature__slug")
    return by_row.annotate(Max("change_set__created_at"))


def _own(model, pks):
    """Return the condition that an object of ``model`` itself was changed."""
    return Q(model_label=model._meta.label_lower, **pks)


def _parts(model, owner):
    parts = model.objects.filter(**{owner: OuterRef(OuterRef("pk"))}).order_by()
    return _own(model, {"object_pk__in": parts.values("pk")})


# What belongs to the page of a row, asked of a changed object.
ABOUT = {
    Framework: Q(framework=OuterRef("pk")),
    Feature: Q(feature=OuterRef("pk")),
    Source: Q(source=OuterRef("pk")),
    Extension: _own(Extension, {"object_pk": OuterRef("pk")})
    | _parts(Finding, "extension"),
    Finding: Q(framework=OuterRef("framework"), feature=OuterRef("feature")),
    Disagreement: _own(Disagreement, {"object_pk": OuterRef("pk")})
    | _parts(Position, "disagreement"),
    # The matrix is a part of the page.
    Comparison: _own(Comparison, {"object_pk": OuterRef("pk")})
    | _parts(Section, "comparison")
    | Q(
        framework__in=Framework.objects.filter(comparisons=OuterRef(OuterRef("pk")))
        .order_by()
        .values("pk")
    ),
}

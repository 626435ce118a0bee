"""When readers last saw a page of the knowledge change, as the change sets tell."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

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


def with_last_change(rows: QuerySet) -> QuerySet:
    """Add the moment of the last public change of each row's page as ``changed_at``.

    It is None where no set tells of one. Costs no query of its own.
    """
    changes = ChangedObject.objects.public().filter(ABOUT[rows.model])
    latest = changes.order_by("-pk").values("change_set__created_at")
    return rows.annotate(changed_at=Subquery(latest[:1]))


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

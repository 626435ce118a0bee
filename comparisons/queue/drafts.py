"""What is not published yet: in review, an editor's own drafts, uncited drafts."""

from functools import partial

from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.utils import timezone

from comparisons.choices import Action, Level, Status
from comparisons.editing.admin_urls import edit_address
from comparisons.editing.workflow import may
from comparisons.history.records import recorded_models
from comparisons.models import CodeSample, Finding
from comparisons.models.publishing import Publishable
from comparisons.models.statements import Statement
from comparisons.queue.sections import Entry, Section


def _may_change_any(user):
    return bool(_changeable(user))


def _may_change_statements(user):
    return bool(_changeable(user, Statement))


def _in_review(queue):
    """What others wrote comes first: nobody decides about the own words alone."""
    rows = [_of_status(model, Status.IN_REVIEW) for model in _changeable(queue.editor)]
    return _waiting(rows, queue.editor).order_by(
        "mine", F("since").asc(nulls_first=True), "label", "id"
    )


def _own_drafts(queue):
    rows = [
        _of_status(model, Status.DRAFT).filter(
            pk__in=model.history.filter(change_set__editor=queue.editor).values("id")
        )
        for model in _changeable(queue.editor)
    ]
    return _waiting(rows, queue.editor).order_by("-since", "label", "id")


def _uncited(queue):
    rows = map(_uncited_drafts, _changeable(queue.editor, Statement))
    return _waiting(rows, queue.editor).order_by(
        F("since").asc(nulls_first=True), "label", "id"
    )


def _changeable(user, base=Publishable):
    """Return the models with a workflow whose rows ``user`` may change."""
    return [
        model
        for model in recorded_models()
        if issubclass(model, base) and may(user, Action.CHANGE, model)
    ]


def _of_status(model, *statuses):
    return model.objects.filter(status__in=statuses)


def _uncited_drafts(model):
    """Return the drafts that need a citation: an unknown level claims nothing."""
    waiting = _of_status(model, Status.DRAFT, Status.IN_REVIEW).uncited()
    return waiting.exclude(level=Level.UNKNOWN) if model is Finding else waiting


def _waiting(querysets, editor):
    """Return the rows of several models in one query of dictionaries.

    ``label`` is that of the model, ``since`` the time of the last recorded
    change, ``mine`` whether the editor had a part in any of them.
    """
    first, *others = (_summary(rows, editor) for rows in querysets)
    return first.union(*others, all=True)


def _summary(rows, editor):
    records = rows.model.history.filter(id=OuterRef("pk"))
    newest = records.order_by("-history_id").values("history_date")[:1]
    return (
        rows.order_by()
        .annotate(
            label=Value(rows.model._meta.label_lower),
            since=Subquery(newest),
            mine=Exists(records.filter(change_set__editor=editor)),
        )
        .values("label", "id", "since", "mine")
    )


def _tell(found):
    """Read the rows that are shown, in one query for each model among them."""
    found = list(found)
    rows = {}
    for model in recorded_models():
        label = model._meta.label_lower
        pks = [each["id"] for each in found if each["label"] == label]
        if pks:
            # Names are made of what a row belongs to.
            stored = model.objects.select_related().in_bulk(pks)
            rows |= {(label, pk): row for pk, row in stored.items()}
    return [
        _entry(rows[each["label"], each["id"]], each)
        for each in found
        if (each["label"], each["id"]) in rows
    ]


def _entry(row, found):
    name = row._meta.verbose_name
    remark = f"is {'an' if name[0] in 'aeiou' else 'a'} {name}"
    if found["since"]:
        since = timezone.localtime(found["since"])
        remark += f", last changed on {since:%-d %B %Y}"
    if found["mine"] and row.status == Status.IN_REVIEW:
        remark += ", and you had a part in it"
    # A sample is edited in the form of its task.
    form = row.task if isinstance(row, CodeSample) else row
    return Entry(subject=str(row), remark=remark, address=edit_address(form))


_section = partial(Section, tell=_tell)

SECTIONS = [
    _section(
        slug="in-review",
        title="In review",
        why="An editor asks for a decision: publish it, or send it back as a draft. "
        "What you had a part in comes last, because somebody else should decide it.",
        position=10,
        is_for=_may_change_any,
        find=_in_review,
    ),
    _section(
        slug="my-drafts",
        title="My drafts",
        why="Drafts that you wrote or changed. Finish them and ask for a review.",
        position=20,
        is_for=_may_change_any,
        find=_own_drafts,
    ),
    _section(
        slug="uncited-drafts",
        title="Drafts that nothing supports",
        why="They cannot be published before a passage supports them. Cite one.",
        position=50,
        is_for=_may_change_statements,
        find=_uncited,
    ),
]

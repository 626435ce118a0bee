"""What is not published yet: sent back, in review, an editor's own, uncited drafts."""

from functools import partial

from django.apps import apps
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from comparisons.choices import Action, Level, Status
from comparisons.editing.admin_urls import edit_address, row_address
from comparisons.editing.workflow import may
from comparisons.history.records import recorded_models
from comparisons.models import ChangedObject, ChangeSet, Finding
from comparisons.models.publishing import Publishable
from comparisons.models.statements import Statement
from comparisons.queue.sections import Entry, Section

# What the list of all models tells of a row.
COLUMNS = ["label", "id", "row_name", "framework_slug", "feature_slug", "since", "by"]
COLUMNS += ["said", "mine", "bare"]
# Of a set, who made it: the full name, or else that of the account.
_FULL_NAME = Concat("editor__first_name", Value(" "), "editor__last_name")
AUTHOR = Coalesce(NullIf(Trim(_FULL_NAME), Value("")), "editor__username")


def _may_change_any(user):
    return bool(_changeable(user))


def _may_change_statements(user):
    return bool(_changeable(user, Statement))


def _sent_back(queue):
    rows = (
        _own_drafts(model, queue.editor)
        .filter(_was_sent_back(queue.editor))
        .annotate(act=F("answered"))
        for model in _changeable(queue.editor)
    )
    return _waiting(rows, queue.editor).order_by("-since", "label", "id")


def _in_review(queue):
    """What others wrote comes first: nobody decides about the own words alone."""
    rows = (_of_status(model, Status.IN_REVIEW) for model in _changeable(queue.editor))
    return _waiting(rows, queue.editor).order_by(
        "mine", F("since").asc(nulls_first=True), "label", "id"
    )


def _begun(queue):
    rows = (
        _own_drafts(model, queue.editor).exclude(_was_sent_back(queue.editor))
        for model in _changeable(queue.editor)
    )
    return _waiting(rows, queue.editor).order_by("-since", "label", "id")


def _uncited(queue):
    rows = (
        _uncited_drafts(model).exclude(pk__in=_touched(model, queue.editor))
        for model in _changeable(queue.editor, Statement)
    )
    return _waiting(rows, queue.editor).order_by(
        F("since").asc(nulls_first=True), "label", "id"
    )


def retired_rows(models, editor):
    """Return what is retired of ``models``, the last first, for ``tell()``."""
    rows = [
        _of_status(model, Status.RETIRED)
        for model in models
        if issubclass(model, Publishable)
    ]
    if not rows:
        return ChangeSet.objects.none()
    return _waiting(rows, editor).order_by("-since", "label", "id")


def _changeable(user, base=Publishable):
    """Return the models with a workflow whose rows ``user`` may change."""
    return [
        model
        for model in recorded_models()
        if issubclass(model, base) and may(user, Action.CHANGE, model)
    ]


def _of_status(model, *statuses):
    return model.objects.filter(status__in=statuses)


def _touched(model, editor):
    """Return the keys of the rows in which ``editor`` had a part."""
    return model.history.filter(change_set__editor=editor).values("id")


def _own_drafts(model, editor):
    """Return the drafts of ``editor``, with the state that each was in before.

    ``answered`` is the set that made a draft of it again.
    """
    records = model.history.filter(id=OuterRef("pk"))
    before = records.exclude(status=Status.DRAFT).order_by("-history_id")
    after = records.filter(history_id__gt=OuterRef("left")).order_by("history_id")
    drafts = _of_status(model, Status.DRAFT).filter(pk__in=_touched(model, editor))
    return drafts.annotate(
        was=Coalesce(Subquery(before.values("status")[:1]), Value("")),
        left=Subquery(before.values("history_id")[:1]),
        answered=Subquery(after.values("change_set")[:1]),
    )


def _was_sent_back(editor):
    """Return the condition that somebody else took such a draft out of review."""
    own = ChangeSet.objects.by(editor).filter(pk=OuterRef("answered"))
    return Q(was=Status.IN_REVIEW) & ~Exists(own)


def _uncited_drafts(model):
    """Return the drafts that need a citation: an unknown level claims nothing."""
    waiting = _of_status(model, Status.DRAFT, Status.IN_REVIEW).uncited()
    return waiting.exclude(level=Level.UNKNOWN) if model is Finding else waiting


def _waiting(querysets, editor):
    """Return the rows of several models in one query of dictionaries.

    ``since`` and ``by`` tell of the set ``act``, the last that changed the row unless
    the queryset has another; ``said`` is its reason, ``mine`` whether the editor had a
    part in any of them, ``bare`` whether nothing supports the row.
    """
    first, *others = (_summary(rows, editor) for rows in querysets)
    return first.union(*others, all=True)


def _summary(rows, editor):
    model = rows.model
    label = model._meta.label_lower
    records = model.history.filter(id=OuterRef("pk")).order_by("-history_id")
    listed = ChangedObject.objects.filter(model_label=label, object_pk=OuterRef("pk"))
    if "act" not in rows.query.annotations:
        rows = rows.annotate(act=Subquery(records.values("change_set")[:1]))
    cell = model is Finding
    bare = issubclass(model, Statement) and Exists(
        _uncited_drafts(model).filter(pk=OuterRef("pk"))
    )
    nothing = Value("", output_field=CharField())
    return (
        rows.order_by()
        .annotate(
            label=Value(label),
            row_name=Subquery(listed.order_by("-pk").values("name")[:1]),
            framework_slug=F("framework__slug") if cell else nothing,
            feature_slug=F("feature__slug") if cell else nothing,
            since=_of_the_act(F("created_at")),
            by=_of_the_act(AUTHOR),
            said=_of_the_act(F("reason")),
            mine=Exists(records.filter(change_set__editor=editor)),
            bare=bare or Value(False),
        )
        .values(*COLUMNS)
    )


def _of_the_act(expression):
    act = ChangeSet.objects.filter(pk=OuterRef("act")).order_by()
    return Subquery(act.annotate(told=expression).values("told")[:1])


def _entry(found, remark):
    model = apps.get_model(found["label"])
    row = model(pk=found["id"])
    if found["framework_slug"]:
        address = row_address(found["framework_slug"], found["feature_slug"])
    else:
        address = edit_address(row)
    return Entry(
        subject=found["row_name"] or f"{model._meta.verbose_name} {row.pk}",
        remark=remark,
        address=address,
        by=found["by"] or "",
        since=found["since"],
    )


def tell(found):
    """Return the entries of such rows, without a word about their state."""
    return [_entry(each, _kind(each)) for each in found]


def _tell_in_review(found):
    own = ", and you had a part in it"
    return [_entry(each, _kind(each) + own * each["mine"]) for each in found]


def _tell_sent_back(found):
    return [
        _entry(each, f"came back: “{each['said']}”" if each["said"] else "came back")
        for each in found
    ]


def _kind(found):
    name = apps.get_model(found["label"])._meta.verbose_name
    kind = f"is {'an' if name[0] in 'aeiou' else 'a'} {name}"
    return f"{kind} that nothing supports yet" if found["bare"] else kind


_section = partial(Section, is_for=_may_change_any, tell=tell)

SECTIONS = [
    _section(
        slug="returned",
        title="Came back to you",
        why="What you had sent to review is a draft again. Mend it, and send it anew.",
        position=8,
        find=_sent_back,
        tell=_tell_sent_back,
        is_mailed=True,
    ),
    _section(
        slug="in-review",
        title="In review",
        why="An editor asks for a decision: publish it, or send it back as a draft. "
        "What you had a part in comes last, because somebody else should decide it.",
        position=10,
        find=_in_review,
        tell=_tell_in_review,
        is_mailed=True,
    ),
    _section(
        slug="my-drafts",
        title="My drafts",
        why="Drafts that you wrote or changed. Finish them and ask for a review.",
        position=20,
        find=_begun,
    ),
    _section(
        slug="uncited-drafts",
        title="Drafts of others that nothing supports",
        why="They cannot be published before a passage supports them. Cite one.",
        position=50,
        is_for=_may_change_statements,
        find=_uncited,
    ),
]

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
from comparisons.prepared import prepared
from comparisons.queue.sections import MOST_COUNTED, Entry, Section

# What the list of all models tells of a row.
COLUMNS = ["label", "id", "row_name", "framework_slug", "feature_slug", "since", "by"]
COLUMNS += ["said", "mine", "bare"]
# So many are asked at once where not more are wanted.
MOST_FIRST = MOST_COUNTED + 1
OLDEST_FIRST = (F("since").asc(nulls_first=True),)
LATEST_FIRST = ("-since",)
# Nobody decides about the own words alone.
OTHERS_FIRST = ("mine", *OLDEST_FIRST)
# Of a set, who made it: the full name, or else that of the account.
_FULL_NAME = Concat("editor__first_name", Value(" "), "editor__last_name")
AUTHOR = Coalesce(NullIf(Trim(_FULL_NAME), Value("")), "editor__username")


class Waiting:
    """The rows of several models, the most urgent first.

    The first of them are asked by SQL that is put together once, because it is long:
    see ``comparisons.prepared``.
    """

    def __init__(self, rows_of, order, models, editor):
        self._asked = {"rows_of": rows_of, "order": order, "models": tuple(models)}
        self._editor = editor.pk

    def count(self):
        return self._rows().count() if self._asked["models"] else 0

    def __getitem__(self, part):
        if not self._asked["models"]:
            return []
        if part.stop > MOST_FIRST:
            return self._rows()[part]
        return _first(self._editor, **self._asked)[part]

    def _rows(self):
        return _waiting(self._editor, **self._asked)


@prepared
def _first(editor, **asked):
    return _waiting(editor, **asked)[:MOST_FIRST]


def retired_rows(models, editor):
    """Return what is retired of ``models``, for ``tell()``."""
    models = [model for model in models if issubclass(model, Publishable)]
    return Waiting(_retired, LATEST_FIRST, models, editor)


def _find(rows_of, order, base=Publishable):
    """Return how a section finds the rows that an editor may change."""
    return lambda queue: Waiting(
        rows_of, order, _changeable(queue.editor, base), queue.editor
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


def _in_review(model, editor):
    return _of_status(model, Status.IN_REVIEW)


def _retired(model, editor):
    return _of_status(model, Status.RETIRED)


def _sent_back(model, editor):
    drafts = _own_drafts(model, editor).filter(_was_sent_back(editor))
    return drafts.annotate(act=F("answered"))


def _begun(model, editor):
    return _own_drafts(model, editor).exclude(_was_sent_back(editor))


def _uncited(model, editor):
    return _uncited_drafts(model).exclude(pk__in=_touched(model, editor))


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


def _waiting(editor, *, rows_of, order, models):
    """Return the rows of several models in one query of dictionaries.

    ``since`` and ``by`` tell of the set ``act``, the last that changed the row unless
    the queryset has another; ``said`` is its reason, ``mine`` whether the editor had a
    part in any of them, ``bare`` whether nothing supports the row.
    """
    first, *others = (_summary(rows_of(model, editor), editor) for model in models)
    return first.union(*others, all=True).order_by(*order, "label", "id")


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


_section = partial(Section, is_for=_changeable, tell=tell)

SECTIONS = [
    _section(
        slug="returned",
        title="Came back to you",
        why="What you had sent to review is a draft again. Mend it, and send it anew.",
        position=8,
        find=_find(_sent_back, LATEST_FIRST),
        tell=_tell_sent_back,
        is_mailed=True,
    ),
    _section(
        slug="in-review",
        title="In review",
        why="An editor asks for a decision: publish it, or send it back as a draft. "
        "What you had a part in comes last, because somebody else should decide it.",
        position=10,
        find=_find(_in_review, OTHERS_FIRST),
        tell=_tell_in_review,
        is_mailed=True,
    ),
    _section(
        slug="my-drafts",
        title="My drafts",
        why="Drafts that you wrote or changed. Finish them and ask for a review.",
        position=20,
        find=_find(_begun, LATEST_FIRST),
    ),
    _section(
        slug="uncited-drafts",
        title="Drafts of others that nothing supports",
        why="They cannot be published before a passage supports them. Cite one.",
        position=50,
        is_for=partial(_changeable, base=Statement),
        find=_find(_uncited, OLDEST_FIRST, Statement),
    ),
]

"""Sets of changes in a line or two, for lists and feeds."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from comparisons.choices import ChangeKind
from comparisons.models import ChangedObject, ChangeSet

# A set of more objects is told by their number.
NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One set: who, why, and what, by name if it is little and else by number."""

    change_set: ChangeSet
    named: list[ChangedObject]
    # (number, what they are), the most frequent first.
    counted: list[tuple[int, str]]

    @property
    def title(self):
        """The editor's reason; without one, the kind of the change."""
        return self.change_set.reason or self.change_set.get_kind_display()

    @property
    def author(self):
        """Who made it, as readers are told; nobody did what came with the files."""
        if self.change_set.editor is None and self.change_set.kind == ChangeKind.LOAD:
            return ""
        return self.change_set.author or "an editor"

    @property
    def sentence(self):
        """What was changed, in words."""
        if self.named:
            return "; ".join(
                f"{changed.public_act_label} {changed.kind}: {changed.name}"
                for changed in self.named
            )
        return ", ".join(f"{number} {kind}" for number, kind in self.counted)


def summaries(change_sets, *, public=True):
    """Return the Summary of each of ``change_sets``, in two queries."""
    change_sets = list(change_sets)
    listed = ChangedObject.objects.filter(change_set__in=change_sets)
    if public:
        listed = listed.public()
    counts, names = defaultdict(list), defaultdict(list)
    by_model = listed.order_by().values("change_set", "model_label")
    for row in by_model.annotate(number=Count("pk")).order_by("-number", "model_label"):
        counts[row["change_set"]].append((row["number"], row["model_label"]))
    for changed in listed.first_of_each_set(NAMED):
        names[changed.change_set_id].append(changed)
    return [
        Summary(
            change_set=changes,
            named=names[changes.pk] if _total(counts[changes.pk]) <= NAMED else [],
            counted=[_counted(*pair) for pair in counts[changes.pk]],
        )
        for changes in change_sets
    ]


def _total(counts):
    return sum(number for number, _ in counts)


def _counted(number, label):
    meta = ChangedObject(model_label=label).model._meta
    return number, str(meta.verbose_name if number == 1 else meta.verbose_name_plural)

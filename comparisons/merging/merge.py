"""One merge: worked out by following what points where, then done."""

from collections import defaultdict

from django.db import models

from comparisons.choices import Stance, Status
from comparisons.editing.seen import stamp
from comparisons.history.recording import save_ahead
from comparisons.merging.relations import columns, link_rows, relations, unique_with
from comparisons.merging.report import Report, words
from comparisons.models import (
    Alias,
    Citation,
    Comparison,
    Extension,
    Fact,
    Finding,
    Framework,
    Publishable,
    Source,
)
from comparisons.models.frameworks import VERSUS, comparison_slug
from comparisons.models.sources import STATEMENTS

NOTHING = (None, "", "unknown")
# Words for readers and editors, of which none are dropped.
JOINED = {"note", "decision", "reason", "interest", "date_note"}
# What a statement claims, by its model; the others claim what their key says.
CLAIMS = {Finding: "level", Fact: "value"}
# What says more about a claim, and says nothing about another one.
ABOUT_CLAIM = {"since_version", "event_date"}
BOUNDS = ("at_least", "at_most")


class MergeRefused(Exception):
    """These rows cannot be merged this way; the text says why."""


class Merge:
    """What merging ``going`` into ``kept`` changes, worked out and then done.

    Working it out only reads, and changes the given rows in memory; with ``hold``
    what it reads is held until the transaction ends. The number of queries does
    not depend on how many rows there are.
    """

    def __init__(self, kept, going, *, hold=False):
        self.kept, self.going = kept, going
        self.hold = hold
        self.report = Report(stamps=[stamp(row) for row in [kept, *going]])
        # Every row is one object here, however it is reached.
        self._known = {(type(row), row.pk): row for row in [kept, *going]}
        # What to save, in the order in which it was changed; the rest by itself.
        self._changed = {}
        # (row, name of the relation, keys to take out, keys to put in)
        self._links = []
        self._leaving = []
        # Rows that got something from another one.
        self._gained = set()
        # What may now name a package twice, and what has another address.
        self._findings = {}
        self._comparisons = {}
        visible = getattr(kept, "is_published", True)
        if not visible and any(row.is_published for row in going):
            raise MergeRefused(f"Readers see what would go, and do not see “{kept}”.")
        self._merge([(kept, gone, visible and not _is_shown(gone)) for gone in going])
        self._readdress()

    def run(self):
        """Do it. Call it inside a transaction and a ``change_set()``."""
        met = [gone.slug for gone in self.going if gone.was_met_as(gone.slug)]
        for row in self._changed.values():
            save_ahead(row)
        for owner, name, out, there in self._links:
            getattr(owner, name).remove(*out)
            getattr(owner, name).add(*there)
        # A package is no alternative to itself.
        doubled = Finding.objects.filter(
            pk__in=self._findings, alternatives=models.F("extension")
        )
        for finding in doubled:
            finding.alternatives.remove(finding.extension_id)
        for row in self._leaving:
            row.delete()
        for slug in met:
            Alias.objects.lead(slug, self.kept)

    def _merge(self, pairs):
        """Merge triples of one model: what stays, what goes, whether it was hidden."""
        model = type(pairs[0][0])
        claimed = {row: _claim(row) for pair in pairs for row in pair[:2]}
        agreeing = [self._settle_claim(kept, gone) for kept, gone, _ in pairs]
        for relation in relations(model):
            if relation.many_to_many:
                self._relink(relation.field, pairs)
            else:
                self._move(relation.field, pairs, claimed)
        for relation in model._meta.many_to_many:
            if relation.remote_field.through._meta.auto_created:
                self._unite(relation, pairs)
        for (kept, gone, hidden), agrees in zip(pairs, agreeing, strict=True):
            self._settle_fields(kept, gone, agrees)
            if kept is not self.kept:
                self.report.joined.append((kept, gone))
                self._settle_status(kept, gone, hidden, agrees)
            self._leaving.append(gone)

    def _move(self, key, pairs, claimed):
        """Let what points at rows that go by ``key`` point at what stays."""
        rows = self._rows(key, claimed)
        keys = unique_with(key.model, key.name)
        standing = {}
        for kept, _, _ in pairs:
            for row in rows[kept.pk]:
                self._judge(row, key, claimed[kept], kept)
                standing |= dict.fromkeys(_places(row, keys, kept), row)
        collisions = []
        for kept, gone, hidden in pairs:
            for row in rows[gone.pk]:
                places = _places(row, keys, kept)
                twin = next((standing[p] for p in places if p in standing), None)
                if twin is None:
                    standing |= dict.fromkeys(places, row)
                    self._judge(row, key, claimed[gone], kept)
                    self._point(row, key, kept, hidden)
                else:
                    unseen = hidden or (_is_shown(twin) and not _is_shown(row))
                    collisions.append((twin, row, unseen))
        if collisions:
            self._merge(collisions)

    def _point(self, row, key, kept, hidden):
        if _relates(row, key, kept):
            self.report.dissolved.append(row)
            self._leaving.append(row)
            return
        setattr(row, key.name, kept)
        self._change(row)
        self._gain(kept)
        self._hold_back(row, hidden)
        self.report.moved.append(row)
        if isinstance(row, Finding) and isinstance(kept, Extension):
            self._findings[row.pk] = row

    def _relink(self, relation, pairs):
        """Let what links to rows that go by ``relation`` link to what stays."""
        own, other = columns(relation)
        targets = {gone.pk: (kept, hidden) for kept, gone, hidden in pairs}
        links = link_rows(relation, other, targets).values_list(own, other)
        owners = self._load(relation.model, [owner for owner, _ in links])
        for owner, gone in ((owners[owner], gone) for owner, gone in links):
            kept, hidden = targets[gone]
            self._links.append((owner, relation.name, [gone], [kept.pk]))
            self._hold_back(owner, hidden)
            self.report.linked.append((owner, kept))
            if isinstance(owner, Finding):
                self._findings[owner.pk] = owner
            if isinstance(owner, Comparison) and isinstance(kept, Framework):
                self._comparisons[owner.pk] = owner

    def _unite(self, relation, pairs):
        """Give what stays the links of what goes."""
        own, other = columns(relation)
        linked = defaultdict(list)
        rows = [row.pk for pair in pairs for row in pair[:2]]
        for owner, there in link_rows(relation, own, rows).values_list(own, other):
            linked[owner].append(there)
        others = self._load(relation.related_model, sum(linked.values(), []))
        for kept, gone, _ in pairs:
            for there in linked[gone.pk]:
                if there not in linked[kept.pk]:
                    linked[kept.pk].append(there)
                    self._link(kept, relation.name, others[there])

    def _settle_claim(self, kept, gone):
        """Decide between two answers; return whether readers may get both."""
        name = CLAIMS.get(type(kept))
        if name is None:
            return True
        mine, other = _claim(kept), _claim(gone)
        if isinstance(kept, Finding):
            self._settle_finding(kept, gone)
        if mine == other or other in NOTHING:
            return True
        if mine in NOTHING:
            self._fill(kept, name, other)
            return True
        said = f"“{gone}”, which was merged into this, said: {words(gone, name)}."
        self._fill(kept, "reason", f"{kept.reason}\n\n{said}".strip())
        self._give_up(kept, gone, name)
        return False

    def _settle_finding(self, kept, gone):
        """Keep the packages of both, and the bounds of what nobody knows."""
        self._findings[kept.pk] = kept
        takes_answer = kept.level in NOTHING and gone.level not in NOTHING
        lacks_package = kept.extension is None and kept.level == gone.level
        provider, other = kept.extension, gone.extension
        if other and (takes_answer or lacks_package):
            provider, other = other, provider
            kept.extension = provider
            self._change(kept)
        if other and other != provider:
            self._link(kept, "alternatives", other)
        bounds = [getattr(kept, name) for name in BOUNDS]
        if takes_answer or (kept.level in NOTHING and not any(bounds)):
            for name in BOUNDS:
                setattr(kept, name, getattr(gone, name))
            self._change(kept)

    def _settle_fields(self, kept, gone, agrees):
        """Fill what is empty in ``kept`` and join the words of both."""
        if isinstance(kept, Source):
            self._settle_source(kept, gone)
        for tracked in kept._meta.concrete_fields:
            name = tracked.name
            apart = {"status", CLAIMS.get(type(kept)), *BOUNDS}
            if not tracked.editable or tracked.unique or name in apart:
                continue
            mine, other = getattr(kept, tracked.attname), getattr(gone, tracked.attname)
            if tracked.is_relation or other in NOTHING or other == mine:
                continue
            if name in JOINED and mine:
                if other not in mine:
                    self._fill(kept, name, f"{mine}\n\n{other}")
            elif mine in NOTHING and (agrees or name not in ABOUT_CLAIM):
                self._fill(kept, name, other)
            else:
                self._give_up(kept, gone, name)

    def _settle_source(self, kept, gone):
        if kept.framework_id != gone.framework_id and kept.framework_id:
            # Its file belongs to one framework; what several share has none.
            kept.framework = None
            self._change(kept)
        if kept.url and gone.normal_url not in ("", kept.normal_url):
            also = f"Its page was found at {gone.url} as well."
            self._fill(kept, "note", f"{kept.note}\n\n{also}".strip())

    def _settle_status(self, kept, gone, hidden, agrees):
        """Send to review what readers did not see so, and what is contradictory."""
        if not isinstance(kept, Publishable):
            return
        gone_was_seen = gone.is_published and not hidden
        gained = (type(kept), kept.pk) in self._gained
        was_seen = kept.is_published or gone_was_seen
        stays = kept.is_published and (gone_was_seen or not gained)
        if was_seen and not (agrees and stays):
            self._review(kept)

    def _judge(self, citation, key, claimed, statement):
        """Let a passage speak for or against the answer that stays.

        ``claimed`` is the answer that it was cited for.
        """
        if not isinstance(citation, Citation) or key.name not in STATEMENTS:
            return
        now = _claim(statement)
        if now == claimed or citation.stance == Stance.CONTEXT:
            return
        asserted = citation.level
        if not asserted and citation.stance == Stance.SUPPORTS:
            asserted = "" if claimed in NOTHING else claimed
        if not asserted:
            citation.stance = Stance.CONTEXT
        else:
            agrees = asserted == now
            citation.stance = Stance.SUPPORTS if agrees else Stance.DISPUTES
            if isinstance(statement, Finding):
                citation.level = asserted
        self._change(citation)

    def _readdress(self):
        """Give comparisons the address of their frameworks, or retire them."""
        gone = {row.pk for row in self.going}
        slugs = defaultdict(lambda: {self.kept.slug})
        links = Comparison.frameworks.through._base_manager.filter(
            comparison__in=self._comparisons
        ).exclude(framework__in=gone)
        for pk, slug in links.values_list("comparison", "framework__slug"):
            slugs[pk].add(slug)
        wanted = {pk: comparison_slug(slugs[pk]) for pk in self._comparisons}
        taken = set(
            Comparison.objects.filter(slug__in=wanted.values()).values_list(
                "slug", flat=True
            )
        )
        for pk, comparison in self._comparisons.items():
            if VERSUS in wanted[pk] and wanted[pk] not in taken:
                comparison.slug = wanted[pk]
                taken.add(wanted[pk])
            else:
                comparison.status = Status.RETIRED
                self.report.retired.append(comparison)
            self._change(comparison)

    def _hold_back(self, row, hidden):
        """Keep from readers what they did not see where it stood."""
        if hidden and isinstance(row, Publishable) and row.is_published:
            self._review(row)

    def _review(self, row):
        row.status = Status.IN_REVIEW
        self._change(row)
        self.report.to_review.append(row)

    def _fill(self, row, name, value):
        setattr(row, name, value)
        self._change(row)
        self._gain(row)
        self.report.filled.append((row, _label(row, name), words(row, name)))

    def _give_up(self, kept, gone, name):
        self.report.given_up.append(
            (kept, _label(kept, name), words(kept, name), words(gone, name))
        )

    def _link(self, row, name, other):
        self._links.append((row, name, [], [other.pk]))
        self._gain(row)
        self.report.linked.append((row, other))

    def _change(self, row):
        self._changed.setdefault((type(row), row.pk), row)

    def _gain(self, row):
        self._gained.add((type(row), row.pk))

    def _rows(self, key, targets):
        """Return the rows that point by ``key`` at each target's primary key."""
        found = defaultdict(list)
        pks = [row.pk for row in targets]
        for row in self._read(key.model, **{f"{key.name}__in": pks}):
            # As stored, whatever became of the row that is known already.
            pointed_at = getattr(row, key.attname)
            found[pointed_at].append(self._known.setdefault((key.model, row.pk), row))
        return found

    def _load(self, model, pks):
        """Return {primary key: row} for ``pks``."""
        return {
            row.pk: self._known.setdefault((model, row.pk), row)
            for row in self._read(model, pk__in=pks)
        }

    def _read(self, model, **lookup):
        # What their names are made of comes along.
        parents = [f.name for f in model._meta.concrete_fields if f.is_relation]
        rows = model._base_manager.filter(**lookup).order_by("pk")
        rows = rows.select_related(*parents) if parents else rows
        return rows.select_for_update(of=("self",)) if self.hold else rows


def _is_shown(row):
    """Whether the row's own state lets readers see it."""
    return getattr(row, "is_published", True)


def _claim(row):
    return getattr(row, CLAIMS[type(row)]) if type(row) in CLAIMS else None


def _places(row, keys, kept):
    """Return what nothing else may be, once ``row`` points at ``kept``."""
    return [
        (others, kept.pk, tuple(row.serializable_value(name) for name in others))
        for others in keys
    ]


def _label(row, name):
    return row._meta.get_field(name).verbose_name


def _relates(row, key, kept):
    """Whether another key of ``row`` leads to ``kept`` already: two that are one."""
    return any(
        getattr(row, other.attname) == kept.pk
        for other in row._meta.concrete_fields
        if other is not key and other.related_model is key.related_model
    )

"""The questions asked of the knowledge base, by name.

``published()`` is the one door through which public pages read (see
``comparisons.public``). ``with_…`` adds what a page shows, ``for_…`` gathers all
that one page needs.
"""

import itertools

from django.core.validators import slug_re
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.text import slugify

from comparisons.addresses import normalise
from comparisons.choices import (
    Act,
    FeatureKind,
    Level,
    LinkState,
    Stance,
    SuggestionState,
)
from comparisons.public import KnowledgeQuerySet

# Of more rows than this, none are counted to put the largest first.
MOST_SORTED = 2_000


class AliasQuerySet(KnowledgeQuerySet):
    """Slugs that rows once had."""

    def rows(self, model, slugs):
        """Return {former slug: the row of ``model`` that had it}, in one query.

        For slugs that no row has now: a living slug comes first everywhere.
        """
        kind = model._meta.model_name
        possible = [slug for slug in slugs if slug_re.match(slug)]
        aliases = self.filter(kind=kind, slug__in=possible).select_related(kind)
        return {alias.slug: getattr(alias, kind) for alias in aliases}

    def lead(self, slug, row):
        """Have the former ``slug`` lead to ``row`` from now on."""
        kind = row._meta.model_name
        alias = self.filter(kind=kind, slug=slug).first()
        alias = alias or self.model(kind=kind, slug=slug)
        setattr(alias, kind, row)
        alias.save()
        return alias


class ChangeSetQuerySet(models.QuerySet):
    """Recorded acts of editors."""

    def by(self, editor):
        return self.filter(editor=editor)

    def since(self, moment):
        return self.filter(created_at__gte=moment)

    def public(self, **key):
        """Return the sets that changed something, of ``key``, which readers saw."""
        listed = self.model._meta.get_field("objects_changed").related_model
        return self.filter(
            Exists(listed.objects.public().filter(change_set=OuterRef("pk"), **key))
        )


class ChangedObjectQuerySet(models.QuerySet):
    """What sets did to single objects."""

    def public(self):
        """Return what was done to objects that readers saw before or after."""
        return self.filter(Q(was_public=True) | Q(is_public=True))

    def latest_public(self, **key):
        """Return the last thing of ``key`` that readers saw change, or None."""
        listed = self.public().filter(**key).select_related("change_set")
        return listed.order_by("-pk").first()

    def of(self, model, pks):
        """Return all that ever happened to some objects of ``model``."""
        return self.filter(model_label=model._meta.label_lower, object_pk__in=pks)

    def of_one(self, model, pk):
        """Return the history of one object, that of its citations included.

        ``pk`` is text from an address; nothing has the history of nonsense.
        """
        if not str(pk).isdecimal() or int(pk) > models.BigIntegerField.MAX_BIGINT:
            return self.none()
        wanted = Q(model_label=model._meta.label_lower, object_pk=int(pk))
        for relation in model._meta.related_objects:
            if relation.name == "citations" and relation.one_to_many:
                citation = relation.related_model
                cited = citation.history.filter(**{relation.field.attname: pk})
                wanted |= Q(
                    model_label=citation._meta.label_lower,
                    object_pk__in=cited.values(citation._meta.pk.name),
                )
        return self.filter(wanted)

    def first_of_each_set(self, most):
        """Return at most ``most`` objects of each set, in one query."""
        place = Window(RowNumber(), partition_by="change_set", order_by="pk")
        return self.annotate(place=place).filter(place__lte=most)

    def gone(self):
        """Return the deletions of objects that did not come back."""
        later = self.model.objects.filter(
            model_label=OuterRef("model_label"),
            object_pk=OuterRef("object_pk"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(act=Act.DELETED).exclude(Exists(later))


class FrameworkQuerySet(KnowledgeQuerySet):
    def with_counts(self):
        """Add how many published findings and pros and cons each one has."""
        finding = self._published("findings").filter(framework=OuterRef("pk"))
        return self.annotate(
            known_count=_count(finding.exclude(level=Level.UNKNOWN)),
            unknown_count=_count(finding.filter(level=Level.UNKNOWN)),
        )

    def best_first(self, feature):
        """Return those that are answered on ``feature``, the best level first."""
        worths = [
            When(findings__level=level, then=place)
            for place, level in enumerate(feature.feature_kind.levels)
        ]
        findings = self._published("findings").filter(feature=feature)
        return self.filter(findings__in=findings).order_by(
            Case(*worths, default=len(worths)), "name"
        )

    def providing(self, feature, level):
        """Return those whose finding on ``feature`` is at ``level`` or better."""
        return self._with_finding(feature, level.at_least())

    def fitting(self, feature):
        """Return those that fit the use case ``feature`` strongly or well."""
        return self._with_finding(feature, Level.GOOD.at_least())

    def matching(self, text):
        """Return those whose name or description contains ``text``."""
        return self.filter(
            Q(name__icontains=text)
            | Q(tagline__icontains=text)
            | Q(summary__icontains=text)
        )

    def _with_finding(self, feature, levels):
        return self.filter(
            Exists(
                self._published("findings").filter(
                    framework=OuterRef("pk"), feature=feature, level__in=levels
                )
            )
        )


class FeatureGroupQuerySet(KnowledgeQuerySet):
    def with_features(self):
        """Prefetch the published features of each group as ``rows``."""
        features = self.model._meta.get_field("features").related_model
        return self.prefetch_related(
            Prefetch("features", features.objects.published(), to_attr="rows")
        )


class FeatureQuerySet(KnowledgeQuerySet):
    def of_kind(self, kind):
        """Return the features that ask the question of ``kind``."""
        return self.filter(kind=kind)

    def capabilities(self):
        return self.of_kind(FeatureKind.CAPABILITY)

    def use_cases(self):
        return self.of_kind(FeatureKind.USE_CASE)

    def with_counts(self):
        """Add how many published frameworks have a known finding."""
        finding = self._published("findings").filter(feature=OuterRef("pk"))
        return self.annotate(known_count=_count(finding.exclude(level=Level.UNKNOWN)))

    def matching(self, text):
        return self.filter(Q(name__icontains=text) | Q(definition__icontains=text))


class StatementQuerySet(KnowledgeQuerySet):
    """Findings, pros and cons, facts, adopters and verdicts."""

    def with_citations(self):
        """Prefetch the citations with their sources."""
        citations = self.model._meta.get_field("citations").related_model
        return self.prefetch_related(
            Prefetch("citations", citations.objects.select_related("source"))
        )

    def with_parents(self):
        """Join what a statement is about: framework, feature, extension."""
        relations = [
            relation
            for relation in ("framework", "feature__group", "extension")
            if _has_field(self.model, relation.partition("__")[0])
        ]
        return self.select_related(*relations)

    def uncited(self):
        """Return the statements that no citation supports."""
        return self.exclude(citations__stance=Stance.SUPPORTS)

    def contested(self):
        """Return the statements that some citation supports and another disputes."""
        return self.filter(
            Exists(self._citations(Stance.SUPPORTS)),
            Exists(self._citations(Stance.DISPUTES)),
        )

    def _citations(self, stance):
        citations = self.model._meta.get_field("citations")
        return citations.related_model.objects.filter(
            stance=stance, **{citations.field.name: OuterRef("pk")}
        )


class ComparisonQuerySet(KnowledgeQuerySet):
    def for_page(self):
        """Gather the curated text of a comparison."""
        return self.prefetch_related(
            "frameworks",
            "features",
            "sections__features",
            "verdicts__framework",
            "verdicts__findings__feature",
            "verdicts__citations__source",
        )

    def matching(self, text):
        return self.filter(Q(title__icontains=text) | Q(introduction__icontains=text))


class DisagreementQuerySet(KnowledgeQuerySet):
    def for_page(self):
        """Gather both sides with their passages."""
        citations = self.model._meta.get_field("positions").related_model
        citations = citations._meta.get_field("citations").related_model
        return self.select_related("feature").prefetch_related(
            "frameworks",
            Prefetch(
                "positions__citations",
                citations.objects.published().select_related("source"),
            ),
        )

    def matching(self, text):
        return self.filter(question__icontains=text)

    def by_section_and_framework(self):
        """Return how many there are about each framework in each section.

        Tuples of section's slug and name, framework's slug and name, number, in
        the order of the sections.
        """
        named = self.filter(frameworks__isnull=False)
        return (
            named.order_by("feature__group__position", "feature__group__slug")
            .values_list(
                "feature__group__slug",
                "feature__group__name",
                "frameworks__slug",
                "frameworks__name",
            )
            .annotate(number=Count("pk", distinct=True))
        )

    def most_contested_first(self):
        """Order by the number of passages that take a side, unless that takes long."""
        if self.model.objects.exceeds(MOST_SORTED):
            return self.order_by("key")
        return self.annotate(
            passage_count=Count("positions__citations", distinct=True)
        ).order_by("-passage_count", "key")


class SourceQuerySet(KnowledgeQuerySet):
    def most_cited_first(self):
        """Order by ``with_counts()``, unless that takes long."""
        if self.model.objects.exceeds(MOST_SORTED):
            return self.order_by("slug")
        return self.order_by("-citation_count", "title", "slug")

    def disputing(self):
        """Return those of which a passage disputes a published statement."""
        disputes = self._published_citations().filter(
            source=OuterRef("pk"), stance=Stance.DISPUTES
        )
        return self.filter(Exists(disputes))

    def citing(self, frameworks):
        """Return those with a passage on what ``frameworks`` are and can do."""
        about = Q(finding__framework__in=frameworks)
        about |= Q(pro_con__framework__in=frameworks)
        citations = self._published_citations().filter(about, source=OuterRef("pk"))
        return self.filter(Exists(citations))

    def with_counts(self):
        """Add how many published statements each source supports and disputes."""
        citation = self._published_citations().filter(source=OuterRef("pk"))
        return self.annotate(
            citation_count=_count(citation),
            disputing_count=_count(citation.filter(stance=Stance.DISPUTES)),
        )

    def with_link(self, links):
        """Add what ``links``, all that are stored, know of each source's address.

        ``link_state`` and ``link_checked_at`` are None where it was never checked;
        ``gone_at`` is None unless its page was gone when last checked.
        """
        link = links.filter(url=OuterRef("url"))

        def fact(rows, field):
            return models.Subquery(rows.values(field)[:1])

        return self.annotate(
            link_state=fact(link, "state"),
            link_checked_at=fact(link, "checked_at"),
            gone_at=fact(link.gone(), "checked_at"),
        )

    def at(self, url):
        """Return the source of the page at ``url``, however that is written."""
        address = normalise(url)
        return self.filter(normal_url=address) if address else self.none()

    def free_slug(self, title):
        """Return a slug made of ``title`` that no source has yet."""
        stem = slugify(title)[:90].strip("-") or "source"
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbered = (f"{stem}-{number}" for number in itertools.count(2))
        return next(s for s in itertools.chain([stem], numbered) if s not in taken)

    def matching(self, text):
        return self.filter(
            Q(title__icontains=text)
            | Q(author__icontains=text)
            | Q(publisher__icontains=text)
        )

    def _published_citations(self):
        citations = self.model._meta.get_field("citations").related_model
        return citations.objects.published()


class CitationQuerySet(KnowledgeQuerySet):
    def for_source(self):
        """Gather what a source's page shows of each passage."""
        return self.select_related(
            "finding__framework",
            "finding__feature",
            "pro_con__framework",
            "pro_con__feature",
            "fact__framework",
            "adopter__framework",
            "verdict__framework",
            "verdict__comparison",
        ).order_by("pk")


class LinkQuerySet(KnowledgeQuerySet):
    def due(self, moment):
        """Return those not checked since ``moment``, longest ago first."""
        return self.filter(Q(checked_at=None) | Q(checked_at__lt=moment)).order_by(
            F("checked_at").asc(nulls_first=True), "url"
        )

    def moved(self):
        return self.filter(state=LinkState.MOVED)

    def gone(self):
        """Return those that readers should not be sent to."""
        return self.filter(state=LinkState.GONE)

    def gone_since(self, urls):
        """Return {address: the day it was found to be gone} for those of ``urls``."""
        gone = self.gone().filter(url__in={url for url in urls if url})
        return dict(gone.values_list("url", "checked_at"))


class SuggestionQuerySet(models.QuerySet):
    """What readers have suggested."""

    def open(self):
        """Return those that wait for a decision."""
        return self.filter(state=SuggestionState.OPEN)

    def since(self, moment):
        return self.filter(created_at__gte=moment)

    def unanswered(self):
        """Return the decided ones whose reader left an address and was not told."""
        return self.exclude(state=SuggestionState.OPEN).exclude(contact="")

    def with_targets(self):
        """Join what each is about, with all that names it."""
        return self.select_related(
            "finding__framework",
            "finding__feature",
            "pro_con__framework",
            "fact__framework",
            "adopter__framework",
            "source",
        )


def _count(queryset):
    """Return a subquery that counts the rows of ``queryset`` for the outer row."""
    counted = (
        queryset.order_by()
        .annotate(_one=models.Value(1))
        .values("_one")
        .annotate(number=Count("pk", distinct=True))
        .values("number")
    )
    return Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)


def _has_field(model, name):
    return any(field.name == name for field in model._meta.get_fields())

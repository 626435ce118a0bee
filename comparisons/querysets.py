"""The questions asked of the knowledge base, by name.

``published()`` is the one door through which public pages read: it answers with
rows whose own state is published and whose parents' is too. ``with_…`` adds
what a page shows, ``for_…`` gathers all that one page needs.
"""

import itertools
from urllib.parse import urldefrag

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from .choices import FeatureKind, Level, LinkState, Stance, Status


class KnowledgeQuerySet(models.QuerySet):
    """Rows that a natural key finds again after loading them elsewhere."""

    def get_by_natural_key(self, *key):
        lookups = getattr(self.model, "natural_key_lookups", ("slug",))
        return self.get(**dict(zip(lookups, key, strict=True)))


class ChangeSetQuerySet(models.QuerySet):
    """Recorded acts of editors."""

    def by(self, editor):
        return self.filter(editor=editor)

    def since(self, moment):
        return self.filter(created_at__gte=moment)


class PublishableQuerySet(KnowledgeQuerySet):
    """Rows that have a workflow state."""

    # Relations that have to be published for a row to be shown.
    published_parents = ()

    def published(self):
        """Return the rows that readers may see."""
        return self.filter(
            status=Status.PUBLISHED,
            **{
                f"{parent}__status": Status.PUBLISHED
                for parent in self.published_parents
            },
        )

    def _published(self, relation):
        """Return the published rows of the model at the other end of ``relation``."""
        return self.model._meta.get_field(relation).related_model.objects.published()


class FrameworkQuerySet(PublishableQuerySet):
    def with_counts(self):
        """Add how many published findings and pros and cons each one has."""
        finding = self._published("findings").filter(framework=OuterRef("pk"))
        return self.annotate(
            known_count=_count(finding.exclude(level=Level.UNKNOWN)),
            unknown_count=_count(finding.filter(level=Level.UNKNOWN)),
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


class ExtensionQuerySet(KnowledgeQuerySet):
    """Packages."""


class FeatureGroupQuerySet(KnowledgeQuerySet):
    def with_features(self):
        """Prefetch the published features of each group as ``rows``."""
        features = self.model._meta.get_field("features").related_model
        return self.prefetch_related(
            Prefetch("features", features.objects.published(), to_attr="rows")
        )


class FeatureQuerySet(PublishableQuerySet):
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


class StatementQuerySet(PublishableQuerySet):
    """Findings, pros and cons, facts and adopters."""

    @property
    def published_parents(self):
        return [
            parent
            for parent in ("framework", "feature")
            if _has_field(self.model, parent)
        ]

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


class CodeSampleQuerySet(PublishableQuerySet):
    published_parents = ("framework", "task__feature")


class ComparisonQuerySet(PublishableQuerySet):
    def published(self):
        """Return those of which every framework is published as well."""
        frameworks = self.model._meta.get_field("frameworks").related_model
        hidden = frameworks.objects.exclude(status=Status.PUBLISHED)
        return super().published().exclude(frameworks__in=hidden)

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


class DisagreementQuerySet(PublishableQuerySet):
    published_parents = ("feature",)

    def published(self):
        """Return those of which every framework is published as well."""
        frameworks = self.model._meta.get_field("frameworks").related_model
        hidden = frameworks.objects.exclude(status=Status.PUBLISHED)
        return super().published().exclude(frameworks__in=hidden)

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
        """Order by the number of passages that take a side."""
        return self.annotate(
            passage_count=Count("positions__citations", distinct=True)
        ).order_by("-passage_count", "key")


class SourceQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return the sources that a published statement rests on."""
        return self.filter(
            Exists(self._published_citations().filter(source=OuterRef("pk")))
        )

    def disputing(self):
        """Return those of which a passage disputes a published statement."""
        disputes = self._published_citations().filter(
            source=OuterRef("pk"), stance=Stance.DISPUTES
        )
        return self.filter(Exists(disputes))

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
        """Return the sources of the page at ``url``, whose scheme does not matter."""
        place = urldefrag(url.strip()).url.partition("://")[2].rstrip("/")
        spellings = [
            f"{scheme}://{place}{end}"
            for scheme in ("http", "https")
            for end in ("", "/")
        ]
        return self.filter(url__in=spellings) if place else self.none()

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
    def published(self):
        """Return the citations of published statements."""
        live = Status.PUBLISHED
        verdicts = self.model._meta.get_field("verdict").related_model
        comparisons = verdicts._meta.get_field("comparison").related_model
        return self.filter(
            Q(
                finding__status=live,
                finding__framework__status=live,
                finding__feature__status=live,
            )
            | Q(
                pro_con__status=live,
                pro_con__framework__status=live,
                pro_con__feature__status=live,
            )
            | Q(fact__status=live, fact__framework__status=live)
            | Q(adopter__status=live, adopter__framework__status=live)
            | Q(
                verdict__comparison__in=comparisons.objects.published(),
                verdict__framework__status=live,
            )
        )

    def attach_to(self, *statements):
        """Give each of several lists of statements its citations, in one query.

        Does for statements of different models together what prefetching does
        for one model: afterwards ``statement.citations.all()`` runs no query.
        """
        fields = {
            field.related_model: field.name
            for field in self.model._meta.get_fields()
            if field.many_to_one and field.null
        }
        wanted = {}
        for statement in (row for rows in statements for row in rows):
            wanted.setdefault(fields[type(statement)], {})[statement.pk] = statement
        condition = Q(pk__in=[])
        for name, rows in wanted.items():
            condition |= Q(**{f"{name}__in": list(rows)})
        found = {}
        for citation in self.filter(condition).select_related("source"):
            for name in wanted:
                if (pk := getattr(citation, f"{name}_id")) is not None:
                    found.setdefault((name, pk), []).append(citation)
        for name, rows in wanted.items():
            for pk, statement in rows.items():
                citations = statement.citations.all()
                citations._result_cache = found.get((name, pk), [])
                citations._prefetch_done = True
                cache = statement.__dict__.setdefault("_prefetched_objects_cache", {})
                cache["citations"] = citations

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
        )


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

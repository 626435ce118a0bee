"""Statements, the passages they rest on, and where sources differ."""

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from comparisons.addresses import normalise
from comparisons.choices import Agreement, LinkState, PassageState, Setup, Stance
from comparisons.public import KnowledgeQuerySet
from comparisons.querysets.compared import count_of

# Of more rows than this, none are counted to put the largest first.
MOST_SORTED = 2_000


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


class DisagreementQuerySet(KnowledgeQuerySet):
    def for_page(self):
        """Gather both sides with their passages."""
        citations = self.model._meta.get_field("positions").related_model
        citations = citations._meta.get_field("citations").related_model
        sides = citations.objects.published().select_related("source")
        return self.select_related("feature").prefetch_related(
            Prefetch("positions__citations", sides)
        )

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
        is_long = self.model.objects.exceeds(MOST_SORTED)
        return self.order_by("key") if is_long else self.by_passages()

    def by_passages(self):
        """Order by the number of passages that take a side, most first."""
        taken = Count("positions__citations", distinct=True)
        return self.annotate(passage_count=taken).order_by("-passage_count", "key")


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
            citation_count=count_of(citation),
            disputing_count=count_of(citation.filter(stance=Stance.DISPUTES)),
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

    def _published_citations(self):
        citations = self.model._meta.get_field("citations").related_model
        return citations.objects.published()


class CitationQuerySet(KnowledgeQuerySet):
    def with_statements(self):
        """Join what each passage is cited for."""
        return self.with_names(self.model.belongs_to).order_by("pk")

    def by_statement(self):
        """Order by what a passage is cited for: findings first, then the rest."""
        keys = self.model.belongs_to
        places = [F(f"{key}_id").asc(nulls_last=True) for key in keys]
        return self.order_by(*places, "pk")

    def with_agreement(self):
        """Add how each passage stands to our answer, as ``agreement``.

        One that asserts another level than ours differs, whatever it is cited for.
        """
        differs = Q(stance=Stance.DISPUTES)
        differs |= ~Q(level="") & ~Q(level=F("finding__level"))
        agrees = Q(stance=Stance.SUPPORTS) | Q(level=F("finding__level"))
        return self.annotate(
            agreement=models.Case(
                models.When(differs, then=models.Value(Agreement.DIFFERS)),
                models.When(agrees, then=models.Value(Agreement.AGREES)),
                default=models.Value(Agreement.CONTEXT),
            )
        )


class MeasurementQuerySet(KnowledgeQuerySet):
    def shown(self):
        """Return those that pages show: the files hold everything.

        That one server serves several frameworks is for comparison alone.
        """
        return self.published().exclude(setup=Setup.COMMON)

    def deciding(self):
        """Return those of the latest run that levels follow from."""
        runs = self.model.run.field.related_model.objects.published()
        return self.shown().filter(run=runs.values("pk")[:1])


class PassageCheckQuerySet(models.QuerySet):
    def open(self):
        """Return those whose passage an editor has to read again."""
        settled = [state for state in PassageState if state.is_settled]
        return self.exclude(state__in=settled)


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


def _has_field(model, name):
    return any(field.name == name for field in model._meta.get_fields())

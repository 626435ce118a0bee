"""The four tables: their columns, and the rules that only one of them has."""

from django.core.exceptions import ValidationError

from comparisons.models import Citation, Finding, ProCon, Source
from comparisons.spreadsheets.columns import Reference, StatementColumn
from comparisons.spreadsheets.rows import STAMP, KnowledgeResource, Problem


class SourceResource(KnowledgeResource):
    class Meta:
        model = Source
        import_id_fields = ["slug"]
        fields = [
            "slug",
            "title",
            "author",
            "publisher",
            "kind",
            "framework",
            "published_date",
            "date_note",
            "url",
            "archive_url",
            "interest",
            "note",
            STAMP,
        ]

    def get_queryset(self):
        return Source.objects.select_related("framework")


class FindingResource(KnowledgeResource):
    key_lookups = ["framework__slug", "feature__slug"]

    class Meta:
        model = Finding
        import_id_fields = ["framework", "feature"]
        fields = [
            "framework",
            "feature",
            "level",
            "status",
            "extension",
            "alternatives",
            "since_version",
            "note",
            "decision",
            "reason",
            "at_least",
            "at_most",
            STAMP,
        ]

    def get_queryset(self):
        rows = Finding.objects.with_parents().with_citations()
        return rows.prefetch_related("alternatives")


class ProConResource(KnowledgeResource):
    class Meta:
        model = ProCon
        import_id_fields = ["slug"]
        fields = [
            "slug",
            "framework",
            "feature",
            "side",
            "status",
            "statement",
            "matters_when",
            "decision",
            "reason",
            STAMP,
        ]

    def get_queryset(self):
        return ProCon.objects.with_parents().with_citations()


class CitationResource(KnowledgeResource):
    """The passages. A published statement keeps one that supports it."""

    statement = StatementColumn()

    class Meta:
        model = Citation
        import_id_fields = ["key"]
        fields = [
            "key",
            "statement",
            "source",
            "stance",
            "locator",
            "says",
            "level",
            "accessed_date",
            STAMP,
        ]

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._published = {}

    def get_queryset(self):
        parents = [
            f"{name}__{parent}" if parent else name
            for name, parents in Reference.parents().items()
            for parent in parents or [""]
        ]
        return Citation.objects.select_related("source", *parents)

    def stored(self, dataset):
        """Hold the statements as well: their forms change citations, too."""
        if self.is_confirmed:
            named = Citation.objects.filter(key__in=set(dataset["key"]))
            for kind, model in Reference.statement_models.items():
                rows = model._base_manager.select_for_update(of=("self",))
                list(rows.filter(pk__in=named.values(kind)).order_by("pk"))
        return super().stored(dataset)

    def import_instance(self, instance, row, row_number=None, **kwargs):
        """Remember which published statement may lose its support."""
        statement = instance.statement
        if self._cells and getattr(statement, "is_published", False):
            self._published.setdefault(
                (type(statement), statement.pk), (row_number, "/".join(self.key(row)))
            )
        super().import_instance(instance, row, **kwargs)

    def after_import(self, dataset, result, **kwargs):
        """Refuse to leave a published statement unsupported.

        The database drafts a statement as soon as its last supporting passage
        goes, though a later row of the file may bring another.
        """
        super().after_import(dataset, result, **kwargs)
        for (model, pk), (number, key) in self._published.items():
            statement = model.objects.get(pk=pk)
            if statement.is_published:
                continue
            if not statement.has_support():
                self._refuse_unsupported(statement, number, key)

    def _refuse_unsupported(self, statement, number, key):
        message = (
            f"“{statement}” is published and would be left without a passage that "
            "supports it."
        )
        self.problems.append(
            Problem(
                number=number + self.first_row - 1,
                name=key,
                column="stance",
                message=message,
            )
        )
        raise ValidationError(message, code="uncited")

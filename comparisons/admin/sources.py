from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import format_html

from comparisons.admin.bases.forms import KnowledgeForm
from comparisons.admin.bases.knowledge import KnowledgeAdmin
from comparisons.admin.bases.merging import MergeableAdmin
from comparisons.admin.bases.passages import CitationForm
from comparisons.admin.bases.statements import PASSAGE
from comparisons.admin.pages.links import confirm_replacing
from comparisons.choices import LinkState
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Citation, Link, Source
from comparisons.models.sources import STATEMENTS


class LinkStateFilter(admin.SimpleListFilter):
    """Sources by what the last check of their address has shown."""

    title = "link"
    parameter_name = "link"

    def lookups(self, request, model_admin):
        return LinkState.choices

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        state = Q(link_state=self.value())
        if self.value() == LinkState.UNCHECKED:
            state |= Q(link_state=None)
        return queryset.filter(state)


class SourceForm(KnowledgeForm):
    """A source, which is refused if its page is one already."""

    def clean_url(self):
        url = self.cleaned_data["url"]
        if twin := Source.objects.at(url).exclude(pk=self.instance.pk).first():
            raise ValidationError(
                format_html(
                    '<a href="{}">{}</a> has this address already. Cite that one.',
                    edit_address(twin),
                    twin,
                ),
                code="address_taken",
            )
        return url


@admin.register(Source)
class SourceAdmin(MergeableAdmin):
    form = SourceForm
    list_display = ["title", "author", "publisher", "kind", "published_date", "link"]
    list_filter = ["kind", LinkStateFilter, "framework"]
    search_fields = ["title", "author", "publisher", "url", "slug"]
    autocomplete_fields = ["framework"]
    readonly_fields = ["link", "link_checked_at"]
    actions = [*MergeableAdmin.actions, "use_new_address"]
    change_form_template = "admin/comparisons/moved.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_link(Link.objects)

    def get_search_results(self, request, queryset, search_term):
        """Find the source of an address that was pasted, however it is written."""
        pasted = search_term.startswith(("http://", "https://"))
        if pasted and (found := queryset.at(search_term)).exists():
            return found, False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(ordering="link_state", empty_value=LinkState.UNCHECKED.label)
    def link(self, source):
        state = getattr(source, "link_state", None)
        return LinkState(state).label if state else None

    @admin.display(description="link checked at")
    def link_checked_at(self, source):
        return getattr(source, "link_checked_at", None)

    @admin.action(description="Use the new address of what has moved")
    def use_new_address(self, request, queryset):
        urls = queryset.filter(link_state=LinkState.MOVED).values("url")
        links = Link.objects.moved().filter(url__in=urls)
        return confirm_replacing(request, links)


@admin.register(Citation)
class CitationAdmin(KnowledgeAdmin):
    """All passages; most are entered at the statement that they prove."""

    form = CitationForm
    list_display = ["key", "source", "stance", "locator", "accessed_date"]
    list_filter = ["stance", "source__kind", "no_fragment", "passage_check__state"]
    search_fields = ["key", "says", "locator", "source__title"]
    autocomplete_fields = ["source", *STATEMENTS]
    list_select_related = ["source"]
    fieldsets = [
        (None, {"fields": PASSAGE}),
        (
            "Cited for exactly one of these",
            {"fields": STATEMENTS},
        ),
    ]

"""What editors have still to do, on one page."""

from collections import Counter

from django import forms
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.audit import GapKind, count_by_kind
from comparisons.editing.admin_urls import edit_address
from comparisons.models import Comparison, Framework
from comparisons.queue.sections import current_audit
from comparisons.web.paging import page_of


class GapFilterForm(forms.Form):
    """Which gaps to list."""

    kind = forms.ChoiceField(choices=GapKind, required=False)
    framework = forms.ChoiceField(required=False)

    def __init__(self, *args, frameworks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = [
            (framework.slug, framework.name) for framework in frameworks
        ]


@desk("comparisons.view_finding")
@require_safe
def knowledge_audit(request):
    """The figures of the knowledge, and its gaps by kind and framework."""
    audit = current_audit(timezone.localdate())
    frameworks = Framework.objects.published()
    form = GapFilterForm(request.GET, frameworks=frameworks)
    # A value that is no choice is explained, and filters nothing.
    form.is_valid()
    kind = form.cleaned_data.get("kind", "")
    slug = form.cleaned_data.get("framework", "")
    kinds = [kind] if kind else []
    page = page_of(request, audit.narrowed(kinds, slug))
    numbers = Counter(each for gap in audit.narrowed(kinds) for each in gap.slugs)
    return desk_page(
        request,
        "knowledge_audit",
        "Audit of the knowledge",
        figures=audit.figures,
        form=form,
        kind=kind,
        slug=slug,
        kinds=count_by_kind(audit.narrowed(framework=slug)),
        frameworks=[(framework, numbers[framework.slug]) for framework in frameworks],
        page_obj=page,
        gaps=[(gap, _form(gap.row)) for gap in page],
    )


def _form(row):
    """Return where ``row`` is edited; a section in the form of its comparison."""
    return edit_address(row) or edit_address(Comparison(pk=row.comparison_id))

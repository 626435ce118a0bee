"""The front of the desk: what waits for the editor who asks, and each list in full.

The front shows a few of each section and stays as quick however much there is: one
query for each list, counted up to a hundred, and of what takes long to work out the
latest that is known. Beside it stand the parts of the desk by task
(``accounts.navigation``).

It is drawn by Django's own admin. django-unfold would bring a dashboard and a sidebar
of sections, and was weighed in November 2026: each ModelAdmin has to become one of its
own, which our forms (conflicts, matrix, four eyes) override in most hooks, and its
scripts need ``unsafe-eval`` (its issues 1344 and 2129), which the desk does not allow.
"""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.admin.bases.desk import AGAIN, desk, desk_page
from comparisons.models import Framework
from comparisons.queue import SECTIONS, Queue
from comparisons.web.computed import NotYet
from comparisons.web.paging import page_of

# More frameworks than these stand in their list alone.
MOST_MATRICES = 24


@desk()
@require_safe
def front(request):
    """What waits, by section, and the ways to all parts of the desk."""
    queue = _queue(request, at_once=True)
    glances, counting = [], []
    for section in queue.among(SECTIONS):
        try:
            glances.append(queue.glance(section))
        except NotYet:
            counting.append(section)
    page = desk_page(
        request,
        "front",
        "Your desk",
        waiting=[glance for glance in glances if glance.number],
        empty=[glance.section for glance in glances if not glance.number],
        counting=counting,
        frameworks=_frameworks(request.user),
        most_matrices=MOST_MATRICES,
    )
    if counting:
        page["Refresh"] = AGAIN
    return page


@desk("comparisons.view_finding")
@require_safe
def queue_section(request, slug):
    """All that one section lists, in pages."""
    queue = _queue(request)
    for section in queue.among(SECTIONS):
        if section.slug == slug:
            break
    else:
        raise Http404("The queue has no such section for you.")
    found = page_of(request, section.find(queue))
    return desk_page(
        request,
        "queue_section",
        section.title,
        section=section,
        entries=section.tell(found.object_list),
        page_obj=found,
    )


def _queue(request, *, at_once=False):
    return Queue(request.user, timezone.localdate(), at_once)


def _frameworks(user):
    """Return name and slug of the frameworks whose matrices are one click away."""
    if not user.has_perm("comparisons.view_finding"):
        return []
    named = Framework.objects.values("name", "slug")
    return list(named[: MOST_MATRICES + 1])

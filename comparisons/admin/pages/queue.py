"""What waits for the editor who asks, on one page, and each list in full."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.admin.bases.desk import desk, desk_page
from comparisons.queue import SECTIONS, Entry, Queue, Section

# On the page of all sections, and on the page of one.
FEW = 10
MANY = 50


@dataclass(frozen=True)
class Listing:
    """One page of what a section lists."""

    section: Section
    page: Page
    entries: list[Entry]

    @property
    def count(self):
        """How much there is on all pages."""
        return self.page.paginator.count


@desk("comparisons.view_finding")
@require_safe
def editors_queue(request):
    """The sections of the editor's work, those with nothing in them last."""
    queue = _queue(request)
    listings = [_listing(queue, each, FEW) for each in queue.among(SECTIONS)]
    return desk_page(
        request,
        "queue",
        "Your queue",
        waiting=[listing for listing in listings if listing.count],
        empty=[listing.section for listing in listings if not listing.count],
    )


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
    listing = _listing(queue, section, MANY, request.GET.get("page"))
    return desk_page(
        request, "queue_section", section.title, listing=listing, page_obj=listing.page
    )


def _queue(request):
    return Queue(request.user, timezone.localdate())


def _listing(queue, section, number, page=1):
    found = Paginator(section.find(queue), number).get_page(page)
    return Listing(section, found, section.tell(found.object_list))

"""Pages of lists that may be long."""

from functools import cached_property

from django.core.paginator import Paginator

# No list shows more rows than this at once.
PAGE_SIZE = 50
# Nobody turns so many pages; whoever looks for one row narrows the list.
MOST_COUNTED = 2_000


class BoundedPaginator(Paginator):
    """Shows and counts no more than the first ``MOST_COUNTED`` rows."""

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[:MOST_COUNTED].count()

    @property
    def told(self):
        """The number of rows in words: “12 frameworks”."""
        meta = self.object_list.model._meta
        noun = meta.verbose_name if self.count == 1 else meta.verbose_name_plural
        return f"{self.number} {noun}"

    @property
    def number(self):
        is_whole = self.count < MOST_COUNTED
        return str(self.count) if is_whole else f"{MOST_COUNTED:,} or more"


def page_of(request, rows, size=PAGE_SIZE):
    """Return the page of ``rows`` that ``request`` asks for, or the nearest."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


class PagedList:
    """A list page by page, of which no more is counted than is told."""

    paginate_by = PAGE_SIZE
    paginator_class = BoundedPaginator

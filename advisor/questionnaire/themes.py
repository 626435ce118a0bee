"""What the themes that visitors weigh are made of."""

from itertools import groupby
from operator import itemgetter

from advisor.models import Share, Theme
from comparisons.prepared import prepared


def shares_by_theme():
    """Return [(name, {slug of a feature: its share})], in the order of the form."""
    return [
        (name, {slug: float(share) for _, slug, share in rows})
        for name, rows in groupby(_shares(), itemgetter(0))
    ]


@prepared
def _shares():
    shares = Share.objects.filter(theme__in=Theme.objects.published())
    in_order = shares.order_by("theme__position", "theme__slug")
    return in_order.values_list("theme__name", "feature__slug", "share")

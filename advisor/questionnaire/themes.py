"""What the themes that visitors weigh are made of."""

from itertools import groupby
from operator import itemgetter

from advisor.models import Share, Theme


def shares_by_theme():
    """Return [(name, {slug of a feature: its share})], in the order of the form."""
    shares = (
        Share.objects.filter(theme__in=Theme.objects.published())
        .order_by("theme__position", "theme__slug")
        .values_list("theme__name", "feature__slug", "share")
    )
    return [
        (name, {slug: float(share) for _, slug, share in rows})
        for name, rows in groupby(shares, itemgetter(0))
    ]

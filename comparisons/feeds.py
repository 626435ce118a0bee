"""What changed, for feed readers."""

import re

from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from comparisons.history.summaries import summaries
from comparisons.models import ChangeSet, Framework

SHOWN = 30
# XML has no way to write these; one of them would break the feed for everybody.
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


class WritableFeed(Atom1Feed):
    """An Atom feed that tells whatever is stored."""

    def __init__(self, title, *args, **kwargs):
        super().__init__(writable(title), *args, **kwargs)

    def add_item(self, title, link, description, **told):
        told["author_name"] = writable(told["author_name"] or "")
        super().add_item(writable(title), link, writable(description), **told)


def writable(text):
    """Return ``text`` with a mark in place of each character that XML cannot write."""
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class ChangesFeed(Feed):
    """The latest changes of the knowledge, or of one framework."""

    feed_type = WritableFeed
    subtitle = "What changed in the knowledge base, and why."
    # Atom wants an author where an entry has none (RFC 4287, 4.1.1).
    author_name = "Framewise"

    def get_object(self, request, slug=None):
        if slug is None:
            return None
        return get_object_or_404(Framework.objects.published(), slug=slug)

    def title(self, framework):
        return f"{framework}: changes" if framework else "Framewise: changes"

    def link(self, framework):
        query = {"framework": framework.slug} if framework else None
        return reverse("comparisons:change-list", query=query)

    def items(self, framework):
        key = {"framework": framework} if framework else {}
        sets = ChangeSet.objects.public(**key).select_related("editor")
        return summaries(sets[:SHOWN])

    def item_title(self, summary):
        return summary.title

    def item_description(self, summary):
        # Django's Atom tells readers that this is HTML.
        return escape(summary.sentence)

    def item_link(self, summary):
        return summary.change_set.get_absolute_url()

    def item_author_name(self, summary):
        return summary.author or None

    def item_pubdate(self, summary):
        return summary.change_set.created_at

    def item_updateddate(self, summary):
        return summary.change_set.created_at

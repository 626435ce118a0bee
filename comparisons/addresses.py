"""Addresses as texts: of our own pages, and whether two lead to the same page."""

from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
from yarl import URL

# Parameters that tell whence a reader came; no page depends on them.
TRACKING = {
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gclid",
    "gclsrc",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "twclid",
    "utm_campaign",
    "utm_content",
    "utm_id",
    "utm_medium",
    "utm_source",
    "utm_term",
    "yclid",
}
DEFAULT_PORTS = {80, 443}
# How the fragment begins where a script chooses the page by it.
ROUTES = ("/", "!")


def page_path(name, *slugs):
    """Return the path of the page ``name``: ``page_path("feature-detail", "orm")``.

    Reversing it each time would take a page with a hundred links milliseconds.
    """
    return _pattern(name, len(slugs), get_script_prefix()).format(*slugs)


@cache
def _pattern(name, number, prefix):
    stand_ins = [f"slug-{place}-" for place in range(number)]
    path = reverse(f"comparisons:{name}", args=stand_ins)
    for stand_in in stand_ins:
        path = path.replace(stand_in, "{}")
    return path


def site_host():
    """Return the name by which others find this site; None if it has none."""
    names = (host.lstrip(".") for host in settings.ALLOWED_HOSTS)
    return next((name for name in names if "." in name and name != "127.0.0.1"), None)


def absolute(path):
    """Return the address of our page at ``path`` for those who are elsewhere."""
    scheme = "https" if settings.HTTPS else "http"
    return f"{scheme}://{site_host() or 'localhost'}{path}"


def normalise(url):
    """Return the form that all addresses of the page at ``url`` share.

    It is a key to compare by, not an address to follow: the scheme is left out,
    because a host has one site on both. The host is in small letters and ASCII
    (IDNA), without a default port; the path has no dot segments, no needless
    escapes and no slash at its end; the query is sorted and without the
    parameters in ``TRACKING``; the fragment goes, unless it is a route of a page
    made by script (``#/…``, ``#!…``). Empty stays empty, and what is no web
    address stays as it is.

    It asks no host, so it does not know of redirects, of ``www.`` or another
    host with the same pages, of ``index.html``, of session parameters, or of
    paths in which case does not matter.
    """
    url = url.strip()
    try:
        parts = URL(url)
        host, port = parts.raw_host, parts.explicit_port
    except ValueError:
        return url
    if not host or parts.scheme not in ("http", "https"):
        return url
    place = f"[{host}]" if ":" in host else host.rstrip(".")
    if port and port not in DEFAULT_PORTS:
        place = f"{place}:{port}"
    pairs = sorted(
        pair for pair in parts.query.items() if pair[0].lower() not in TRACKING
    )
    query = URL().with_query(pairs).raw_query_string if pairs else ""
    fragment = parts.raw_fragment if parts.fragment.startswith(ROUTES) else ""
    return "".join(
        [
            place,
            parts.raw_path.rstrip("/"),
            query and f"?{query}",
            fragment and f"#{fragment}",
        ]
    )

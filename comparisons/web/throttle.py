"""How often one network address may do something, without keeping the address.

The cache holds a number under a keyed hash of the address. The hash is made with
a salt that is drawn each day and kept nowhere else, so that nobody can tell
afterwards whose number it was, not even with the site's key.
"""

import ipaddress
import logging
import secrets

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

DAY = 24 * 60 * 60
HOUR = 60 * 60
# What a network may send within an hour. A whole class may sit behind one address.
MOST = {
    "suggestion": 10,
    "advice": 200,
    "judgement": 200,
    "group": 30,
    "member": 200,
    "typed": 60,
    "password_reset": 10,
}

logger = logging.getLogger(__name__)


def network_of(request):
    """Return the network that ``request`` comes from, "" if it cannot be told.

    One connection often has a whole /64 of IPv6 addresses, so these count as one.
    Behind a proxy it is the address that this proxy has added, which is the last:
    a sender can write the others.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        address = forwarded.rpartition(",")[2].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    prefix = 64 if parsed.version == 6 else 32
    return str(ipaddress.ip_network((parsed.packed, prefix), strict=False))


def refuses(request, name, form):
    """Count one act called ``name``; tell ``form`` if there were too many.

    What was typed stays in the form, which is to be answered with status 429.
    """
    if allows(name, network_of(request), most=MOST[name], seconds=HOUR):
        return False
    form.add_error(
        None,
        "Many answers came from your network within an hour. Please send this one "
        "later; it stays on this page until you close it.",
    )
    return True


def allows(name, network, *, most, seconds):
    """Count one act called ``name``; return whether ``network`` may still do it.

    ``most`` acts are allowed within ``seconds`` of the first. A cache that fails
    allows them: whoever writes without it keeps limits of their own.
    """
    try:
        key = _key(name, network)
        # Adding and counting are one step each, also between processes.
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) <= most
    # The number ran out between the two steps.
    except ValueError:
        return True
    # Each cache backend has failures of its own.
    except Exception:
        logger.exception("The throttle of %s could not count.", name)
        return True


def _key(name, network):
    """Return the name under which the acts of ``network`` are counted today."""
    today = f"throttle-salt-{timezone.now():%Y-%m-%d}"
    salt = cache.get_or_set(today, lambda: secrets.token_hex(32), timeout=DAY)
    digest = salted_hmac(f"throttle-{salt}", network, algorithm="sha256").hexdigest()
    return f"throttle-{name}-{digest}"

"""The second factor of an account: an app that shows codes, and codes on paper.

An account has one app at most (django-otp's TOTP device). Its recovery codes can be
used once each; only their digests are stored.
"""

import base64
import hashlib
import re
import secrets

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparisons.editing.workflow import PUBLISH

RECOVERY_CODES = 10
# As many characters as django-otp stores.
LONGEST_TOKEN = 16
# Without letters and digits that look alike: 28 of 32 are 140 bits.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class SecondFactor:
    """Middleware: a session is nobody's until the second factor was shown.

    Nothing has to ask for it, so nothing forgets to. Who has shown the password alone
    is ``request.half_signed_in``, ``request.needs_factor`` whether that is so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.half_signed_in = request.user
        has_shown = SimpleLazyObject(lambda: _has_shown(request, user))
        request.needs_factor = SimpleLazyObject(lambda: not has_shown)
        request.user = SimpleLazyObject(lambda: user if has_shown else AnonymousUser())
        return self.get_response(request)


def _has_shown(request, user):
    if not user.is_authenticated:
        return True
    app = app_of(user)
    if app is None:
        return not is_required(user)
    return request.session.get(DEVICE_ID_SESSION_KEY) == app.persistent_id


def is_required(user):
    """Whether the site lets ``user`` in with a second factor alone."""
    return settings.SECOND_FACTOR and user.has_perm(PUBLISH)


def app_of(user):
    """Return the app of ``user`` that shows codes, None if there is none."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def shows_code(key, code):
    """Whether an app that was given ``key`` (hexadecimal) shows ``code`` just now."""
    return code.isdecimal() and TOTP(bytes.fromhex(key)).verify(int(code), tolerance=1)


@transaction.atomic
def set_up(user, key):
    """Give ``user`` the app that was given ``key``; return it and recovery codes."""
    reset(user)
    app = TOTPDevice.objects.create(user=user, key=key, name="App")
    return app, renew_codes(user)


@transaction.atomic
def renew_codes(user):
    """Return new recovery codes, which are known now and never again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [
        "-".join("".join(map(secrets.choice, [ALPHABET] * 4)) for _ in range(7))
        for _ in range(RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_digest(code))
    return codes


def codes_left(user):
    """Return how many recovery codes of ``user`` can still be used."""
    devices = StaticDevice.objects.filter(user=user)
    return sum(device.token_set.count() for device in devices)


@transaction.atomic
def check(user, code):
    """Return the app of ``user`` if ``code`` is its own or a recovery code, else None.

    Each wrong one doubles the time for which none is taken.
    """
    is_of_app = re.fullmatch(r"[0-9]{6}", code)
    devices = TOTPDevice if is_of_app else StaticDevice
    device = devices.objects.select_for_update().filter(user=user).first()
    token = code if is_of_app else _digest(code)
    return app_of(user) if device and device.verify_token(token) else None


def reset(user):
    """Take every second factor from ``user``; return whether there was any."""
    found = [
        devices.objects.filter(user=user).delete()[0]
        for devices in (TOTPDevice, StaticDevice)
    ]
    return any(found)


def _digest(code):
    """Return what is stored of a recovery code, which is random enough for it."""
    written = re.sub(r"[\s-]", "", code).lower()
    digest = hashlib.sha256(written.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:LONGEST_TOKEN]

"""Private codes: who holds one may do what nobody else may.

A code is shown to whoever is given it, and only its digest is stored.
"""

import hashlib
import secrets

from django.utils.crypto import constant_time_compare

# Bytes of randomness, and the characters that they make.
CODE_BYTES = 18
CODE = r"[A-Za-z0-9_-]{24}"


def new_code():
    """Return a code that nobody guesses, for an address or a form."""
    return secrets.token_urlsafe(CODE_BYTES)


def digest_of(code):
    """Return what is stored of ``code``.

    A code is long and random, so that a plain hash of it cannot be reversed.
    """
    return hashlib.sha256(code.encode()).hexdigest()


def is_code(code, stored_digest):
    """Whether ``code`` is the one of which ``stored_digest`` is stored."""
    return bool(stored_digest) and constant_time_compare(digest_of(code), stored_digest)

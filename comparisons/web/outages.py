"""What is answered while the database is gone, full, locked, read-only or hangs.

Pages that are kept go on (``comparisons.web.kept``). Everything else says that it
is for a moment, when to come back, and gives back what was typed. The connection is
closed, so that the next request finds whether the database is there again. For a while
none is kept for the next request: what SQLite opened while it could not be written to
can never be written to.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from time import monotonic
from types import SimpleNamespace

from django.core.cache import cache
from django.core.signals import request_finished
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
    connections,
)
from django.dispatch import receiver
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from comparisons.models import KnowledgeVersion

OUTAGES = (OperationalError, InterfaceError, InternalError)
# Seconds.
COME_BACK = 30
READY_WITHIN = 0.4
UNSTEADY = 10.0
# Fields that a form sends beside what was typed.
NOT_TYPED = ("_FORMS", "-id", "stamp", "seen")

_steady = SimpleNamespace(after=0.0)
_asking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readyz")


def failed(request):
    """Answer a request that failed: 503 for an outage, else 500."""
    if not isinstance(sys.exc_info()[1], OUTAGES):
        return server_error(request)
    _steady.after = monotonic() + UNSTEADY
    close_unsteady()
    response = render(request, "503.html", {"typed": _typed(request)}, status=503)
    response["Retry-After"] = COME_BACK
    response["Cache-Control"] = "no-store"
    response.is_outage = True
    return response


@receiver(request_finished, dispatch_uid="outages")
def close_unsteady(**kwargs):
    """Keep no connection for the next request soon after an outage."""
    if monotonic() < _steady.after and not connection.in_atomic_block:
        connection.close()


def _typed(request):
    """Return {name of the field: what was typed}."""
    return {
        name: "\n".join(values)
        for name, values in request.POST.lists()
        if is_typed(name) and any(values)
    }


def is_typed(name):
    """Whether the field ``name`` holds what somebody typed and may see again."""
    return not (name.startswith("_") or name.endswith(NOT_TYPED) or is_secret(name))


def is_secret(name):
    """Whether the field ``name`` holds what is neither shown nor kept."""
    return "password" in name or name.endswith("csrfmiddlewaretoken")


@require_safe
def healthz(request):
    """Whether the process is alive; asks nothing else."""
    return _told("ok")


@require_safe
def readyz(request):
    """Whether database and cache answer, soon, and which version they hold."""
    try:
        version = _asking.submit(_ask).result(timeout=READY_WITHIN)
    except TooLate:
        return _told("The database or the cache does not answer in time.", status=503)
    except Exception as error:
        return _told(f"Not ready: {type(error).__name__}.", status=503)
    return _told(f"ok, version {version}")


def _ask():
    try:
        cache.set("readyz", "ok", timeout=60)
        if cache.get("readyz") != "ok":
            raise RuntimeError("the cache forgets")
        return KnowledgeVersion.current()
    finally:
        connections.close_all()


def _told(text, **options):
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/plain", headers=headers, **options)

"""Who changed something meanwhile, in words."""

from django.utils import timezone
from django.utils.formats import date_format

from comparisons.history.records import sets_of

# No more acts than this are named.
MOST = 5


def who_changed(model, pk, parts=(), *, since=None, verb="changed"):
    """Return a sentence: “Ada changed this at 12:03 (Clearer words).”

    Names every act since the moment ``since``, and the last one in any case: a
    long act may carry an earlier time. ``parts`` as for ``sets_of()``.
    """
    acts = list(sets_of(model, pk, parts)[:MOST])
    if not acts:
        return f"This was {verb} meanwhile."
    named = acts[:1] + [
        act for act in acts[1:] if since is not None and act.created_at > since
    ]
    first, *others = map(_byline, named)
    by, rest = first
    sentence = f"{by} {verb} this {rest}"
    return "; ".join([sentence, *(f"{by} {rest}" for by, rest in others)]) + "."


def _byline(act):
    """Return who and when: ("Ada", "at 12:03 (Clearer words)")."""
    editor = act.editor
    name = (editor.get_full_name() or editor.get_username()) if editor else "Somebody"
    moment = timezone.localtime(act.created_at)
    today = timezone.localdate() == moment.date()
    when = f"at {moment:%H:%M}"
    if not today:
        when = f"on {date_format(moment, 'j F Y')} {when}"
    return name, f"{when} ({act.reason})" if act.reason else when

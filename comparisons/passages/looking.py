"""Whether a passage still stands where it is cited."""

from collections.abc import Collection
from dataclasses import dataclass

from comparisons.choices import PassageState
from comparisons.passages.sections import Page, fingerprint, missing


@dataclass(frozen=True, kw_only=True)
class Found:
    """What looking on one page has shown.

    ``fragment`` leads to the ``text`` that is there now, whose ``fingerprint`` tells
    it from any other. ``missing`` are the marks that are gone.
    """

    state: PassageState
    fragment: str = ""
    text: str = ""
    fingerprint: str = ""
    missing: tuple[str, ...] = ()


def look(
    page: Page | None, fragment: str, marks: Collection[str], *, known: str = ""
) -> Found:
    """Look on ``page`` for the passage that ``fragment`` leads to.

    ``known`` is the fingerprint that it had when it was read, if it was found then: a
    page that never was in the documentation cannot be gone from it.
    """
    if page is None:
        state = PassageState.GONE if known else PassageState.UNCHECKED
        return Found(state=state, missing=tuple(marks))
    text = page.passage(fragment, marks)
    lacking = missing(text, marks) if text is not None else list(marks)
    if text is None or lacking:
        if place := page.place_of(marks):
            return _found(PassageState.MOVED, place, page.passage(place, marks))
        return Found(
            state=PassageState.GONE,
            fragment=fragment,
            text=text or "",
            missing=tuple(lacking),
        )
    found = _found(PassageState.FOUND, fragment, text)
    if known and found.fingerprint != known:
        return _found(PassageState.CHANGED, fragment, text)
    return found


def _found(state, fragment, text):
    return Found(
        state=state,
        fragment=fragment,
        text=text,
        fingerprint=fingerprint(fragment, text),
    )

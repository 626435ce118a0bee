"""Numbers, comparisons and conclusions that the editors' words alone have."""

import re
from collections.abc import Iterator

from comparisons.audit.figures import DOCUMENTS
from comparisons.audit.gaps import Gap, GapKind
from comparisons.models import Finding

# With two digits or more: those of one digit tell no two things apart.
_NUMBER = re.compile(r"(?<![\w.])(?:\d+(?:[.,]\d+)+|\d\d+)(?!\w)")
# Words that judge or conclude. “At most” is a bound, and “so that” a purpose.
_JUDGING = re.compile(
    r"\b(?:best|better|worst|worse|(?:easi|fast|hard|heavi|light|saf|simpl|slow|strict"
    r"|strong)(?:er|est)|less|(?<!at )most(?! of)|ideal|suit(?:s|ed|able)|(?:good|poor"
    r"|possible|strong) fit|very (?:high|low)|because|hence|therefore|thus"
    r"|(?<=[,;] )so(?! that))\b"
)


def unproved_numbers(findings, pros_and_cons, facts, providers) -> Iterator[Gap]:
    """Yield the answers, pros and cons that name a number which stands nowhere else.

    It may stand in a passage, in what that is called or was read in, in a fact of
    the framework, or be the year in which a package was last worked on; a version
    may be told by its beginning. ``providers`` are the packages of each finding, by
    its key.
    """
    known = {}
    for fact in facts:
        told = f"{fact.value}\n{fact.note}"
        known.setdefault(fact.framework_id, set()).update(_numbers(told))
    for statement in (*findings, *pros_and_cons):
        is_finding = isinstance(statement, Finding)
        named = providers[statement.pk] if is_finding else []
        proved = known.get(statement.framework_id, set()) | _proved(statement, named)
        said = _numbers(statement.note if is_finding else statement.statement)
        if bare := {number for number in said if not _stands(number, proved)}:
            yield Gap(
                kind=GapKind.UNPROVED,
                row=statement,
                message=f"names {', '.join(sorted(bare))}, and no passage does",
                frameworks=(statement.framework,),
            )


def overstated(statements) -> Iterator[Gap]:
    """Yield those whose passages judge or conclude where their marks do not.

    A project's documents say what they say, and how good that is or what follows from
    it is for the note. Where the page itself judges, the word is one of the marks, for
    which ``check_passages`` looks there.
    """
    for statement in statements:
        for passage in statement.citations.all():
            said = set(_JUDGING.findall(passage.says.casefold()))
            bare = said.difference(passage.marks.casefold().replace(",", "").split())
            if bare and passage.source.kind in DOCUMENTS:
                yield Gap(
                    kind=GapKind.OVERSTATED,
                    row=statement,
                    message=f"lets {passage} say “{'”, “'.join(sorted(bare))}” "
                    "without such a mark",
                    frameworks=(statement.framework,),
                )


def _proved(statement, packages):
    """Return the numbers in what the passages say, and in what is kept of packages."""
    texts = [str(package.last_activity_date) for package in packages]
    for passage in statement.citations.all():
        source = passage.source
        texts += [passage.says, passage.locator, passage.marks, passage.release]
        texts += [source.title, source.note, source.url, str(source.published_date)]
    return _numbers("\n".join(texts))


def _stands(number, proved):
    return number in proved or any(each.startswith(f"{number}.") for each in proved)


def _numbers(text):
    """Return the numbers of ``text``, written in one way."""
    return {found.replace(",", "") for found in _NUMBER.findall(text)}

"""Numbers, packages, clauses and conclusions that nobody but the editors has."""

import re
from collections.abc import Iterator

from comparisons.audit.figures import DOCUMENTS
from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import FeatureKind
from comparisons.models import Finding

# With two digits or more: those of one digit tell no two things apart.
_NUMBER = re.compile(r"(?<![\w.])(?:\d+(?:[.,]\d+)+|\d\d+)(?!\w)")
# Words that judge or conclude. “At most” is a bound, and “so that” a purpose.
_JUDGING = re.compile(
    r"\b(?:best|better|worst|worse|(?:easi|fast|hard|heavi|light|saf|simpl|slow|strict"
    r"|strong)(?:er|est)|less|(?<!at )most(?! of)|ideal|perfect|suit(?:s|ed|able)"
    r"|(?:good|poor|possible|strong) (?:fit|match)|very (?:high|low)|because|hence"
    r"|therefore|thus|(?<=[,;] )so(?! that))\b"
)

_CLAUSES = re.compile(r"(?<=[.;:])\s+")
_WORD = re.compile(r"[^\W\d_]{4,}")
# Two words that begin alike are taken for one.
_STEM = 5
# A clause needs so many words to be judged, and this share of them in a passage.
_FEWEST_WORDS = 4
_LEAST_CARRIED = 0.4
# What the editors counted or tried, for which other rules ask for proof.
_OUR_OWN = re.compile(r"\bour (?:count|trial)\b")


def unproved(findings, pros_and_cons, facts, packages) -> Iterator[Gap]:
    """Yield the answers, pros and cons that name a number or package alone.

    A number may stand in a passage, in what that is called or was read in, in a fact
    of the framework, or be the year in which a package was last worked on; a version
    may be told by its beginning. A package has to stand in a passage.
    """
    known = {}
    for fact in facts:
        told = f"{fact.value}\n{fact.note}"
        known.setdefault(fact.framework_id, set()).update(_numbers(told))
    named = _one_of({each.name for row in packages.recorded.values() for each in row})
    for statement in (*findings, *pros_and_cons):
        is_finding = isinstance(statement, Finding)
        words = _words(statement)
        told = "\n".join(_told(statement))
        dates = [
            str(package.last_activity_date)
            for package in (packages.providers[statement.pk] if is_finding else ())
        ]
        proved = _numbers("\n".join([told, *dates]))
        proved |= known.get(statement.framework_id, set())
        bare = {each for each in _numbers(words) if not _stands(each, proved)}
        told = _plain(told)
        bare |= {name for name in named.findall(words) if _plain(name) not in told}
        if bare:
            message = f"names {', '.join(sorted(bare))}, and no passage does"
            yield Gap.of(GapKind.UNPROVED, statement, message)


def wider(findings, pros_and_cons) -> Iterator[Gap]:
    """Yield the notes, pros and cons with a clause that no passage speaks of.

    It is taken for that if hardly a word of it stands in the passages, in what they
    are called, in the row or in the threshold of the level.
    """
    for statement in (*findings, *pros_and_cons):
        told = [*_told(statement), statement.framework.name, str(statement.feature)]
        if isinstance(statement, Finding):
            told += [statement.feature.definition]
            thresholds = statement.feature.thresholds.all()
            told += [each.text for each in thresholds if each.level == statement.level]
        known = set(_stems("\n".join(told)))
        for clause in _CLAUSES.split(_words(statement)):
            stems = _stems(clause)
            carried = sum(stem in known for stem in stems)
            is_judged = len(stems) >= _FEWEST_WORDS and not _OUR_OWN.search(clause)
            if is_judged and carried < _LEAST_CARRIED * len(stems):
                message = f"says “{clause}”, and no passage does"
                yield Gap.of(GapKind.WIDER, statement, message)


def overstated(statements) -> Iterator[Gap]:
    """Yield those whose passages judge or conclude where their marks do not.

    A project's documents say what they say, and how good that is or what follows from
    it is for the note. Where the page itself judges, the word is one of the marks, for
    which ``check_passages`` looks there. Without such a word a project's own page
    asserts no level of a quality or a use case.
    """
    for statement in statements:
        for passage in statement.citations.all():
            if passage.source.kind not in DOCUMENTS:
                continue
            said = set(_JUDGING.findall(passage.says.casefold()))
            marks = f" {passage.marks.casefold().replace(',', ' ')} "
            if bare := {word for word in said if f" {word} " not in marks}:
                message = f"say “{'”, “'.join(sorted(bare))}” without such a mark"
            elif not said and _rates_itself(statement, passage):
                message = f"assert “{passage.asserted.label}” and judge nothing"
            else:
                continue
            message = f"lets {passage} {message}"
            yield Gap.of(GapKind.OVERSTATED, statement, message)


def _rates_itself(statement, passage):
    """Whether a project's own page is said to assert more than what there is."""
    return (
        passage.asserted
        and passage.asserted.kind != FeatureKind.CAPABILITY
        and statement.framework.is_own(passage.source.publisher, passage.source.url)
    )


def _words(statement):
    return statement.note if isinstance(statement, Finding) else statement.statement


def _told(statement):
    """Yield what the passages say, and what they are called."""
    for passage in statement.citations.all():
        source = passage.source
        yield from (passage.says, passage.locator, passage.marks, passage.release)
        yield from (source.title, source.note, source.url, str(source.published_date))


def _one_of(names):
    """Return what finds any of ``names``, the longest first."""
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])" if names else "(?!)")


def _plain(text):
    """Return ``text`` without the signs by which spellings of a package differ."""
    return re.sub(r"[-_. ]", "", text.casefold())


def _stands(number, proved):
    return number in proved or any(each.startswith(f"{number}.") for each in proved)


def _stems(text):
    return [word[:_STEM] for word in _WORD.findall(text.casefold())]


def _numbers(text):
    """Return the numbers of ``text``, written in one way."""
    return {found.replace(",", "") for found in _NUMBER.findall(text)}

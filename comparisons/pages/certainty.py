"""How sure an answer is: who vouches for it, each publisher once, beside its level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from comparisons.choices import Certainty, FeatureKind, Level, SourceKind, Stance
from comparisons.models import Citation, Finding, Framework
from comparisons.prepared import prepared

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Voucher(NamedTuple):
    """A passage that supports an answer: the level that it asserts, and its source."""

    level: str
    kind: str
    publisher: str
    title: str
    url: str
    interest: str


@dataclass(frozen=True, slots=True)
class Support:
    """Who vouches for an answer at ``level``.

    ``others`` are publishers besides the project, of which so many are
    ``interested``: they gain by the reader's choice.
    """

    level: Level
    is_own: bool
    is_measured: bool
    others: int
    interested: int

    @property
    def certainty(self) -> Certainty | None:
        """None of an unknown answer: nobody claims anything."""
        if not self.level.is_known:
            return None
        if self.is_measured:
            return Certainty.MEASURED
        if self.others:
            return Certainty.SEVERAL if self.others > 1 else Certainty.ONE
        return Certainty.OWN if self.is_own else Certainty.VIEW

    @property
    def is_own_word(self) -> bool:
        """Whether a judgement rests on the project's own pages alone.

        What a framework can do is best told by its own documentation; how good it is
        and what it fits is not.
        """
        return (
            self.certainty is Certainty.OWN
            and self.level.kind != FeatureKind.CAPABILITY
        )

    @property
    def reasons(self) -> str:
        """Who vouches for it, in one sentence."""
        match self.certainty:
            case Certainty.VIEW:
                return "No passage asserts this level: the editors decided."
            case Certainty.OWN if self.is_own_word:
                return "Nobody besides the project is cited for it."
            case Certainty.OWN:
                return "They tell best what it can do."
            case Certainty.MEASURED if not self.others and not self.is_own:
                return ""
            case None:
                return ""
        vouching = [self._others] if self.others else []
        vouching += ["a measurement"] * self.is_measured
        vouching += ["the project’s own pages"] * self.is_own
        listed = ", ".join(vouching[:-1])
        told = f"{listed} and {vouching[-1]}" if listed else vouching[0]
        return f"{told[0].upper()}{told[1:]}."

    @property
    def _others(self):
        number = _counted(self.others)
        told = f"{number} publisher{'s' * (self.others > 1)} besides the project"
        if not self.interested:
            return told
        if self.interested == self.others:
            which = "all " * (self.others > 1)
        else:
            which = f"{_counted(self.interested)} "
        return f"{told} ({which}with an interest)"


def _counted(number):
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def support(framework: Framework, level: Level, vouchers: Iterable[Voucher]) -> Support:
    """Return who of ``vouchers`` vouches for ``level`` of ``framework``.

    A passage that asserts another level vouches for that, and not for ours.
    """
    is_own = is_measured = False
    others: dict[str, bool] = {}
    for voucher in vouchers:
        if voucher.level not in ("", level):
            continue
        if framework.is_own(voucher.publisher, voucher.url):
            is_own = True
        elif voucher.kind == SourceKind.MEASUREMENT:
            is_measured = True
        else:
            publisher = (voucher.publisher or voucher.title).casefold()
            others[publisher] = others.get(publisher, False) or bool(voucher.interest)
    return Support(level, is_own, is_measured, len(others), sum(others.values()))


def support_of(finding: Finding) -> Support:
    """Return who vouches for ``finding``, which comes ``with_citations()``."""
    vouchers = [
        Voucher(passage.level, *(getattr(passage.source, name) for name in _SOURCE))
        for passage in finding.supporting
    ]
    return support(finding.framework, finding.answer, vouchers)


def supports(findings: Mapping[int, tuple[Framework, Level]]) -> dict[int, Support]:
    """Return who vouches for each of ``findings``, by its key, in one query.

    Those are given by their keys, with the framework and the level of each.
    """
    vouchers: dict[int, list[Voucher]] = {}
    for finding, *voucher in _vouchers(list(findings)):
        vouchers.setdefault(finding, []).append(Voucher(*voucher))
    return {
        pk: support(framework, level, vouchers.get(pk, ()))
        for pk, (framework, level) in findings.items()
    }


_SOURCE = Voucher._fields[1:]


@prepared
def _vouchers(findings):
    passages = Citation.objects.filter(finding__in=findings, stance=Stance.SUPPORTS)
    columns = [f"source__{name}" for name in _SOURCE]
    return passages.order_by().values_list("finding", "level", *columns)

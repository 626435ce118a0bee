from dataclasses import dataclass

from django.db import models

from comparisons.models import Disagreement, Framework, ProCon, Verdict


class GapKind(models.TextChoices):
    """What is wrong, the worst first."""

    BROKEN = "broken", "Contradicts itself or leads nowhere"
    UNCITED = "uncited", "Published, and nothing supports it"
    UNDECIDED = "undecided", "Contested, and the editors have not said why"
    OUTLIER = "outlier", "A level that its passages or the measurements contradict"
    AT_ODDS = "at-odds", "A passage asserts another level, and nobody decided"
    UNREACHABLE = "unreachable", "A package without any address"
    UNMAINTAINED = "unmaintained", "No package that provides it is maintained"
    OVERLOOKED = "overlooked", "By hand or poor, and a package is recorded for it"
    UNEVEN = "uneven", "With a package that others are rated otherwise by"
    UNPROVED = "unproved", "Names a number or package that no passage has"
    WIDER = "wider", "A note with a clause that no passage speaks of"
    OVERSTATED = "overstated", "A document judges or concludes, in our words alone"
    STALE = "stale", "Read over a year ago, or before the latest release"
    MISSING = "missing", "No finding: readers see “unknown”"
    UNKNOWN = "unknown", "Somebody looked and did not find out"
    UNFOOTNOTED = "unfootnoted", "A paragraph that names no passage"
    OWN_WORD = "own-word", "A quality or use case that only the project supports"
    VENDOR_ONLY = "vendor-only", "Only parties with an interest support it"

    @property
    def fails(self):
        """Whether readers are misled, so that the audit as a whole fails."""
        return self in (GapKind.UNCITED, GapKind.BROKEN)


@dataclass(frozen=True)
class Gap:
    """One thing that an editor should look at.

    ``row`` is what has to be changed; not stored yet if it is missing.
    """

    kind: GapKind
    row: models.Model
    message: str
    frameworks: tuple[Framework, ...] = ()

    @classmethod
    def of(cls, kind, statement, message):
        """Return what is wrong with a row about one framework."""
        return cls(kind, statement, message, (statement.framework,))

    @property
    def slugs(self):
        """The slugs of the frameworks that it is about."""
        return {framework.slug for framework in self.frameworks}

    @property
    def subject(self):
        """The name of ``row``, in quotation marks if it is a sentence."""
        match self.row:
            case ProCon(framework=framework):
                return f"{framework}: “{self.row}”"
            case Verdict() | Disagreement():
                return f"“{self.row}”"
        return str(self.row)

    def __str__(self):
        return f"{self.subject} {self.message}"

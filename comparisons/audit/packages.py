"""Packages that readers cannot reach or rely on, and those that an answer overlooks."""

import datetime
import re
from collections.abc import Iterator

from django.db.models import F

from comparisons.audit.gaps import Gap, GapKind
from comparisons.choices import Level
from comparisons.models import Extension, Finding

# Whoever answers so says that no package does it.
NO_PACKAGE = (Level.MANUAL, Level.NONE, Level.POOR)


class Packages:
    """The packages that ``findings`` name, and what each is recorded to provide."""

    def __init__(self, findings, today: datetime.date):
        self.findings = findings
        self.today = today
        alternatives = {}
        links = Finding.alternatives.through.objects.select_related("extension")
        for link in links.order_by("extension__name"):
            alternatives.setdefault(link.finding_id, []).append(link.extension)
        self.providers = {
            finding.pk: [
                *([finding.extension] if finding.extension else []),
                *alternatives.get(finding.pk, []),
            ]
            for finding in findings
        }
        # (key of a framework, key of a feature): packages, maintained or not.
        self.recorded = {}
        # Once for each framework and feature, which are joined.
        extensions = Extension.objects.all()
        for extension in extensions.annotate(of=F("frameworks"), on=F("features")):
            key = (extension.of, extension.on)
            self.recorded.setdefault(key, []).append(extension)

    def provide(self, framework, feature) -> bool:
        """Whether a maintained package is recorded that does."""
        recorded = self.recorded.get((framework.pk, feature.pk), [])
        return any(extension.is_maintained(self.today) for extension in recorded)

    def gaps(self) -> Iterator[Gap]:
        """Yield what is wrong with them.

        Without an address and without anybody who looks after it are two kinds,
        because editors settle them differently: an address is looked up, while the
        other asks for another provider or another level. A package whose state
        nobody checked is no gap. What the editors decided in writing is left out.
        """
        yield from self._unreachable()
        rows = {}
        for finding in self.findings:
            rows.setdefault(finding.feature_id, []).append(finding)
            if finding.decision:
                continue
            if finding.answer.needs_extension:
                yield from self._unmaintained(finding)
            elif finding.answer in NO_PACKAGE:
                yield from self._overlooked(finding)
        for row in rows.values():
            yield from self._uneven(row)

    def _unreachable(self):
        named = {}
        for finding in self.findings:
            for extension in self.providers[finding.pk]:
                named.setdefault(extension, {})[finding.framework] = None
        for extension, frameworks in named.items():
            if not (extension.url or extension.repository_url):
                message = "is named by findings and has no address"
                yield Gap(GapKind.UNREACHABLE, extension, message, tuple(frameworks))

    def _unmaintained(self, finding):
        if not any(map(self._may_be_alive, self.providers[finding.pk])):
            names = ", ".join(map(str, self.providers[finding.pk]))
            message = f"has no maintained provider, only {names}"
            yield Gap.of(GapKind.UNMAINTAINED, finding, message)

    def _overlooked(self, finding):
        recorded = self.recorded.get((finding.framework_id, finding.feature_id), [])
        alive = [str(each) for each in recorded if self._may_be_alive(each)]
        if alive:
            level = finding.answer.label.lower()
            message = f"is “{level}”, and recorded for it is {', '.join(alive)}"
            yield Gap.of(GapKind.OVERLOOKED, finding, message)

    def _uneven(self, row):
        """Yield who is rated otherwise with a package that counts as one for others.

        ``row`` holds the findings of one feature. A package is official for those
        who make it and for nobody else.
        """
        counts = {}
        for finding in row:
            if finding.answer.needs_extension:
                for extension in self.providers[finding.pk]:
                    counts.setdefault(extension, []).append(finding)
        for finding in row:
            if finding.decision:
                continue
            if finding.answer in NO_PACKAGE:
                told = _told(finding)
                for extension, others in counts.items():
                    if self._may_be_alive(extension) and _names(told, extension.name):
                        message = f"names {extension}, by which {_rated(others[0])}"
                        yield Gap.of(GapKind.UNEVEN, finding, message)
            elif finding.extension:
                others = [
                    other
                    for other in counts.get(finding.extension, [])
                    if other.extension == finding.extension
                    and other.level != finding.level
                ]
                makes = _makes(finding.framework, finding.extension)
                if others and makes != (finding.answer is Level.OFFICIAL):
                    message = f"has {finding.extension}, by which {_rated(others[0])}"
                    yield Gap.of(GapKind.UNEVEN, finding, message)

    def _may_be_alive(self, extension):
        return extension.is_maintained(self.today) is not False


def _told(finding):
    """Return all that the finding and its passages say."""
    passages = finding.citations.all()
    said = (text for each in passages for text in (each.says, each.source.title))
    return "\n".join([finding.note, *said])


def _names(text, name):
    # Looked for as it is first, which takes a tenth of the time.
    as_word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    return name in text and re.search(as_word, text) is not None


def _makes(framework, extension):
    pages = (extension.url, extension.repository_url)
    return any(framework.publishes(page) for page in pages)


def _rated(finding):
    return f"{finding.framework} is rated “{finding.answer.label}”"

"""Closed vocabularies. Facts about a value live on its enum; colours in site.css."""

from django.db import models


class FeatureKind(models.TextChoices):
    """What is asked about a feature, and so which levels can answer."""

    CAPABILITY = "capability", "Capability"
    QUALITY = "quality", "Quality"
    USE_CASE = "use_case", "Use case"

    @property
    def question(self):
        """The question that a finding on a feature of this kind answers."""
        return {
            "capability": "Is it there, and who provides it?",
            "quality": "How good is it?",
            "use_case": "How well does it fit?",
        }[self]

    @property
    def levels(self):
        """The levels that can answer, best first, without ``UNKNOWN``."""
        return _LEVELS[self]

    @property
    def level_choices(self):
        """All levels that a finding can have, as choices of a field."""
        return [(level.value, level.label) for level in [*self.levels, Level.UNKNOWN]]


class Level(models.TextChoices):
    """The answer of a finding. High is always good for the user."""

    BUILT_IN = "built_in", "Built in"
    OFFICIAL = "official", "Official package"
    THIRD_PARTY = "third_party", "Third-party package"
    MANUAL = "manual", "Write it yourself"
    NONE = "none", "Not available"

    VERY_HIGH = "very_high", "Very high"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    VERY_LOW = "very_low", "Very low"

    STRONG = "strong", "Strong fit"
    GOOD = "good", "Good fit"
    POSSIBLE = "possible", "Possible"
    POOR = "poor", "Poor fit"

    UNKNOWN = "unknown", "Unknown"

    @property
    def kind(self):
        """The ``FeatureKind`` that this level answers; None for ``UNKNOWN``."""
        return _SCALE[self][0]

    @property
    def worth(self):
        """What the level is worth to the reader, 0 to 1; None for ``UNKNOWN``."""
        return _SCALE[self][1]

    @property
    def worth_range(self):
        """Between what it could reasonably be worth: the ends of a scale are fixed."""
        return _SCALE[self][2]

    @property
    def glyph(self):
        """A sign that tells the level without colour."""
        return _SCALE[self][3]

    @property
    def short_label(self):
        """The level in a word or two, for cells of a table."""
        return _SHORT.get(self, self.label)

    def counted(self, number):
        """Return how many are at this level: “4 packages”."""
        plural = "s" if self is Level.THIRD_PARTY and number != 1 else ""
        return f"{number} {self.short_label.lower()}{plural}"

    @property
    def is_known(self):
        """Whether this is an answer at all."""
        return self is not Level.UNKNOWN

    @property
    def needs_extension(self):
        """Whether a package provides the feature, which the finding then names."""
        return self in (Level.OFFICIAL, Level.THIRD_PARTY)

    def at_least(self):
        """Return the levels of the same kind that are as good or better."""
        return [level for level in self.kind.levels if level.worth >= self.worth]


def counted_levels(counts):
    """Return how many are at each level of ``counts``, in words, the best first."""
    return [level.counted(counts[level]) for level in Level if counts.get(level)]


# Kind, what it is worth, between what it could reasonably be worth, and its sign.
_SCALE = {
    Level.BUILT_IN: (FeatureKind.CAPABILITY, 1.0, (1.0, 1.0), "●"),
    Level.OFFICIAL: (FeatureKind.CAPABILITY, 0.85, (0.75, 0.95), "◕"),
    Level.THIRD_PARTY: (FeatureKind.CAPABILITY, 0.6, (0.45, 0.8), "◑"),
    Level.MANUAL: (FeatureKind.CAPABILITY, 0.25, (0.1, 0.4), "◔"),
    Level.NONE: (FeatureKind.CAPABILITY, 0.0, (0.0, 0.0), "○"),
    Level.VERY_HIGH: (FeatureKind.QUALITY, 1.0, (1.0, 1.0), "▰▰▰▰▰"),
    Level.HIGH: (FeatureKind.QUALITY, 0.75, (0.65, 0.85), "▰▰▰▰▱"),
    Level.MEDIUM: (FeatureKind.QUALITY, 0.5, (0.4, 0.6), "▰▰▰▱▱"),
    Level.LOW: (FeatureKind.QUALITY, 0.25, (0.15, 0.35), "▰▰▱▱▱"),
    Level.VERY_LOW: (FeatureKind.QUALITY, 0.0, (0.0, 0.0), "▰▱▱▱▱"),
    Level.STRONG: (FeatureKind.USE_CASE, 1.0, (1.0, 1.0), "★★★"),
    Level.GOOD: (FeatureKind.USE_CASE, 0.75, (0.6, 0.9), "★★☆"),
    Level.POSSIBLE: (FeatureKind.USE_CASE, 0.4, (0.2, 0.55), "★☆☆"),
    Level.POOR: (FeatureKind.USE_CASE, 0.0, (0.0, 0.0), "☆☆☆"),
    Level.UNKNOWN: (None, None, None, "?"),
}
_LEVELS = {
    kind: [level for level in Level if level.kind == kind] for kind in FeatureKind
}
_SHORT = {
    Level.OFFICIAL: "Official",
    Level.THIRD_PARTY: "Package",
    Level.MANUAL: "By hand",
    Level.NONE: "None",
    Level.STRONG: "Strong",
    Level.GOOD: "Good",
    Level.POOR: "Poor",
}


class Status(models.TextChoices):
    """Workflow state of everything an editor publishes."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class Action(models.TextChoices):
    """What an account asks to do. The first four are named as Django names them."""

    VIEW = "view", "See"
    ADD = "add", "Add"
    CHANGE = "change", "Change"
    DELETE = "delete", "Delete"

    PROPOSE = "propose", "Propose a change"

    SUBMIT = "submit", "Send to review"
    PUBLISH = "publish", "Publish"
    RETIRE = "retire", "Retire"
    WITHDRAW = "withdraw", "Take back to draft"

    PREVIEW = "preview", "See drafts on public pages"
    UNDO = "undo", "Undo a change set"


class Stance(models.TextChoices):
    """What a passage does to the statement that it is cited for."""

    SUPPORTS = "supports", "Supports"
    DISPUTES = "disputes", "Disputes"
    CONTEXT = "context", "Gives context"


class Agreement(models.TextChoices):
    """How a passage stands to our answer."""

    DIFFERS = "differs", "Differs from us"
    AGREES = "agrees", "Agrees with us"
    CONTEXT = "context", "Gives context"


class Side(models.TextChoices):
    """Whether a statement speaks for a framework or against it."""

    PRO = "pro", "Pro"
    CON = "con", "Con"


class FrameworkKind(models.TextChoices):
    """How much a framework brings, as readers sort them."""

    FULL_STACK = "full_stack", "Full-stack framework"
    MICRO = "micro", "Microframework"
    API = "api", "API framework"
    TOOLKIT = "toolkit", "Toolkit or server library"


class FactKind(models.TextChoices):
    """The plain facts of a framework, in the order of the profile."""

    FIRST_RELEASE = "first_release", "First release"
    LATEST_VERSION = "latest_version", "Latest version"
    LICENSE = "license", "Licence"
    PYTHON_VERSIONS = "python_versions", "Python versions"
    INTERFACE = "interface", "Server interface"
    ASYNC_SUPPORT = "async_support", "Async support"
    DEPENDENCIES = "dependencies", "Direct dependencies"
    INSTALLED_SIZE = "installed_size", "Installed size"
    STARTUP_TIME = "startup_time", "Hello-world start"
    MEMORY = "memory", "Hello-world memory"
    OVERHEAD = "overhead", "In-process calls"
    GOVERNANCE = "governance", "Governance"
    ORIGIN = "origin", "Origin"
    NAME = "name", "Name"


class ExtensionKind(models.TextChoices):
    """Who makes an extension."""

    OFFICIAL = "official", "Official"
    THIRD_PARTY = "third_party", "Third party"


class Maintenance(models.TextChoices):
    """Whether an extension is still looked after, as last seen by an editor."""

    ACTIVE = "active", "Active"
    SLOW = "slow", "No activity for a year"
    PRERELEASE = "prerelease", "Only alpha or beta versions"
    ARCHIVED = "archived", "Archived"
    UNKNOWN = "unknown", "Not checked"


class SourceKind(models.TextChoices):
    """What sort of document a source is."""

    DOCUMENTATION = "documentation", "Documentation"
    RELEASE_NOTES = "release_notes", "Release notes"
    REPOSITORY = "repository", "Repository"
    ISSUE_THREAD = "issue_thread", "Issue thread"
    MEASUREMENT = "measurement", "Measurement"
    BLOG = "blog", "Personal blog"
    AGENCY_BLOG = "agency_blog", "Agency blog"
    VENDOR_BLOG = "vendor_blog", "Vendor blog"
    ARTICLE = "article", "Article"
    BOOK = "book", "Book"


class Witness(models.TextChoices):
    """As what a source speaks, in pictures of who says what."""

    DOCUMENT = "document", "documentation or report"
    MEASUREMENT = "measurement", "measurement"
    INTERESTED = "interested", "somebody with an interest"

    @property
    def glyph(self):
        """The shape of its mark."""
        return {"document": "●", "measurement": "◆", "interested": "■"}[self]

    @classmethod
    def of(cls, kind, interest):
        """Return as what a source speaks; an interest weighs more than its kind."""
        if interest:
            return cls.INTERESTED
        is_measured = kind == SourceKind.MEASUREMENT
        return cls.MEASUREMENT if is_measured else cls.DOCUMENT


class Certainty(models.TextChoices):
    """Who vouches for an answer, the most certain first. Never part of its level."""

    MEASURED = "measured", "Measured"
    SEVERAL = "several", "Several independent sources"
    ONE = "one", "One independent source"
    OWN = "own", "Only the project’s own pages"
    VIEW = "view", "The editors’ view"


class AliasKind(models.TextChoices):
    """Whose slugs may have been others, by the name of the model."""

    FRAMEWORK = "framework", "Framework"
    FEATURE = "feature", "Feature"
    SOURCE = "source", "Source"
    EXTENSION = "extension", "Extension"


class LinkState(models.TextChoices):
    """What the last checks of an address have shown. Blocked is not gone."""

    UNCHECKED = "unchecked", "Not checked"
    OK = "ok", "Reachable"
    MOVED = "moved", "Moved"
    BLOCKED = "blocked", "Blocked"
    GONE = "gone", "Gone"
    ERROR = "error", "Error"


class NoFragment(models.TextChoices):
    """Why no fragment leads to a passage."""

    WHOLE_PAGE = "whole_page", "It is the whole page, or its opening"
    NO_ANCHORS = "no_anchors", "The page has no sections with fragments"
    NOT_HAD = "not_had", "The text of that release could not be had"
    NO_SECTION = "no_section", "No section matches"


class PassageState(models.TextChoices):
    """What looking for a passage in the documentation of a release has shown."""

    FOUND = "found", "Found"
    CHANGED = "changed", "Section changed"
    MOVED = "moved", "Section moved"
    GONE = "gone", "Marks gone"
    UNCHECKED = "unchecked", "Not checkable"

    @property
    def is_settled(self):
        """Whether no editor has to read the passage again."""
        return self in (PassageState.FOUND, PassageState.UNCHECKED)


class ChangeKind(models.TextChoices):
    """By which way a set of changes came in."""

    EDIT = "edit", "Edit"
    LOAD = "load", "Load of the files"
    IMPORT = "import", "Import"
    MERGE = "merge", "Merge"
    SUGGESTION = "suggestion", "Accepted suggestion"
    PROPOSAL = "proposal", "Accepted proposal"
    UNDO = "undo", "Undo"


class Act(models.TextChoices):
    """What a set of changes did to one object; the values of simple-history."""

    CREATED = "+", "Added"
    CHANGED = "~", "Changed"
    DELETED = "-", "Deleted"


class SuggestionState(models.TextChoices):
    """What an editor has decided about a suggestion of a reader."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class ProposalState(models.TextChoices):
    """What became of a change that an editor proposes."""

    OPEN = "open", "Waits for a decision"
    RETURNED = "returned", "Sent back"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Setup(models.TextChoices):
    """Under what a framework was measured."""

    ALONE = "alone", "By itself"
    RECOMMENDED = "recommended", "Recommended server"
    COMMON = "common", "Common server"
    WAITING = "waiting", "Server for many connections"


class Metric(models.TextChoices):
    """What is measured; the requests first, in the order of the page."""

    PLAINTEXT = "plaintext", "Plain text"
    JSON = "json", "JSON"
    TEMPLATE = "template", "A template of 50 rows"
    ONE_ROW = "one-row", "One row from PostgreSQL"
    TWENTY_ROWS = "twenty-rows", "Twenty rows from PostgreSQL"
    POST = "post", "A validated JSON post"
    WAITING = "waiting", "Requests that wait 50 ms"
    START = "start_ms", "Hello-world start"
    FIRST_ANSWER = "first_answer_ms", "Server start to first answer"
    START_MEMORY = "start_mib", "Hello-world memory"
    SERVED_MEMORY = "served_start_mib", "Worker’s memory at the first answer"
    LOADED_MEMORY = "served_load_mib", "Worker’s memory after the load"
    SIZE = "installed_mb", "Installed size"
    PACKAGES = "packages", "Packages installed"
    SAMPLE_LINES = "sample_lines", "Lines of our samples"

    @property
    def unit(self):
        """What its figures count."""
        ends = {"_ms": "ms", "_mib": "MiB", "_mb": "MB"}
        found = [unit for end, unit in ends.items() if self.endswith(end)]
        counted = {Metric.PACKAGES: "packages", Metric.SAMPLE_LINES: "lines"}
        return found[0] if found else counted.get(self, "requests/s")

    @property
    def is_cost(self):
        """Whether a smaller figure is better for the user."""
        return self.unit != "requests/s"

"""What a row of each model looks like in a file, and which file holds it."""

from comparisons.choices import Side
from comparisons.knowledge.documents import Document, Library, SampleDocument
from comparisons.knowledge.parts import Children, VerdictFindings
from comparisons.knowledge.shapes import shape
from comparisons.models import (
    Adopter,
    Citation,
    CodeSample,
    Comparison,
    Disagreement,
    Extension,
    Fact,
    Feature,
    FeatureGroup,
    Finding,
    Framework,
    Measurement,
    MeasurementRun,
    Position,
    ProCon,
    Section,
    Source,
    Synonym,
    Task,
    Threshold,
    Verdict,
)

CITATION = shape(
    Citation,
    "key source stance locator fragment no_fragment says marks level release",
    "accessed_date found_date fingerprint",
)


def citations(parent):
    """Return the citations of a statement that they call ``parent``."""
    return Children("citations", CITATION, parent)


DECISION = "decision reason"

FINDING = shape(
    Finding,
    "feature level at_least at_most extension alternatives since_version note",
    DECISION,
    citations("finding"),
)
PRO_CON = shape(
    ProCon, "slug statement matters_when feature", DECISION, citations("pro_con")
)
FACT = shape(Fact, "kind value event_date note", DECISION, citations("fact"))
ADOPTER = shape(Adopter, "slug name url note", DECISION, citations("adopter"))
SOURCE = shape(
    Source,
    "slug aliases title author publisher kind published_date date_note",
    "url archive_url interest note",
)
FRAMEWORK = shape(
    Framework,
    "slug aliases name kind tagline summary",
    "homepage_url docs_url repository_url makers",
    records=(
        Children("sources", SOURCE, "framework"),
        Children("facts", FACT, "framework"),
        Children("findings", FINDING, "framework"),
        Children("pros", PRO_CON, "framework", "pros_and_cons", {"side": Side.PRO}),
        Children("cons", PRO_CON, "framework", "pros_and_cons", {"side": Side.CON}),
        Children("adopters", ADOPTER, "framework"),
    ),
)
FEATURE = shape(
    Feature,
    "slug aliases name kind definition",
    Children(
        "thresholds",
        shape(Threshold, "level text condition"),
        "feature",
        as_mapping=("level", "text"),
    ),
    positioned=True,
)
FEATURE_GROUP = shape(
    FeatureGroup,
    "slug name description",
    records=(Children("features", FEATURE, "group"),),
    positioned=True,
)
EXTENSION = shape(
    Extension,
    "slug aliases name kind summary url repository_url maintenance",
    "last_activity_date frameworks features",
)
SYNONYM = shape(Synonym, "word feature framework extension")
CODE_SAMPLE = shape(CodeSample, "framework file note code")
TASK = shape(
    Task,
    "slug title description feature",
    records=(Children("samples", CODE_SAMPLE, "task"),),
    positioned=True,
)
SECTION = shape(Section, "slug heading body features")
VERDICT = shape(
    Verdict, "slug framework when", VerdictFindings("findings"), citations("verdict")
)
COMPARISON = shape(
    Comparison,
    "slug title frameworks introduction",
    Children("sections", SECTION, "comparison"),
    Children("verdicts", VERDICT, "comparison"),
    "features",
    positioned=True,
)
DISAGREEMENT = shape(
    Disagreement,
    "slug key question feature frameworks",
    Children("positions", shape(Position, "position citations"), "disagreement"),
    DECISION,
)
MEASUREMENT = shape(
    Measurement,
    "framework setup metric connections",
    "value low high ratio ratio_low ratio_high",
)
MEASUREMENT_RUN = shape(
    MeasurementRun,
    "slug source measured_on rounds seconds machine versions baseline conditions",
    Children("measurements", MEASUREMENT, "run"),
)


LIBRARY = Library(
    [
        Document("features.yaml", FEATURE_GROUP, "groups"),
        Document("frameworks", FRAMEWORK, order=("slug",)),
        Document(
            "sources.yaml",
            SOURCE,
            "sources",
            order=("slug",),
            fixed={"framework": None},
        ),
        Document("extensions.yaml", EXTENSION, "extensions", order=("slug",)),
        Document("synonyms.yaml", SYNONYM, "synonyms"),
        SampleDocument("samples/tasks.yaml", TASK, "tasks"),
        Document("comparisons.yaml", COMPARISON, "comparisons"),
        Document("disagreements.yaml", DISAGREEMENT, "disagreements"),
        Document("measurements", MEASUREMENT_RUN, order=("slug",)),
    ]
)
# What the rows of several files refer to.
LOADED_FIRST = (FeatureGroup, Feature, Framework, Source, Extension)

"""What a row of each model looks like in a file, and which file holds it."""

from comparisons.choices import Side
from comparisons.knowledge.documents import Document, Library, SampleDocument
from comparisons.knowledge.parts import (
    Aliases,
    Children,
    Many,
    One,
    Value,
    VerdictFindings,
)
from comparisons.knowledge.shapes import Shape
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

CITATION = Shape(
    Citation,
    (
        Value("key"),
        One("source", Source),
        Value("stance", required=True),
        Value("locator"),
        Value("fragment"),
        Value("no_fragment"),
        Value("says"),
        Value("marks"),
        Value("level"),
        Value("release"),
        Value("accessed_date"),
        Value("found_date"),
        Value("fingerprint"),
    ),
)


def citations(parent):
    """Return the citations of a statement that they call ``parent``."""
    return Children("citations", CITATION, parent)


DECISION = (Value("decision"), Value("reason"))

FINDING = Shape(
    Finding,
    (
        One("feature", Feature),
        Value("level", required=True),
        Value("at_least"),
        Value("at_most"),
        One("extension", Extension),
        Many("alternatives", Extension),
        Value("since_version"),
        Value("note"),
        *DECISION,
        citations("finding"),
    ),
)
PRO_CON = Shape(
    ProCon,
    (
        Value("slug"),
        Value("statement"),
        Value("matters_when"),
        One("feature", Feature),
        *DECISION,
        citations("pro_con"),
    ),
)
FACT = Shape(
    Fact,
    (
        Value("kind"),
        Value("value"),
        Value("event_date"),
        Value("note"),
        *DECISION,
        citations("fact"),
    ),
)
ADOPTER = Shape(
    Adopter,
    (
        Value("slug"),
        Value("name"),
        Value("url"),
        Value("note"),
        *DECISION,
        citations("adopter"),
    ),
)
SOURCE = Shape(
    Source,
    (
        Value("slug"),
        Aliases(),
        Value("title"),
        Value("author"),
        Value("publisher"),
        Value("kind"),
        Value("published_date"),
        Value("date_note"),
        Value("url"),
        Value("archive_url"),
        Value("interest"),
        Value("note"),
    ),
)
FRAMEWORK = Shape(
    Framework,
    (
        Value("slug"),
        Aliases(),
        Value("name"),
        Value("kind"),
        Value("tagline"),
        Value("summary"),
        Value("homepage_url"),
        Value("docs_url"),
        Value("repository_url"),
        Value("makers"),
    ),
    records=(
        Children("sources", SOURCE, "framework"),
        Children("facts", FACT, "framework"),
        Children("findings", FINDING, "framework"),
        Children("pros", PRO_CON, "framework", "pros_and_cons", {"side": Side.PRO}),
        Children("cons", PRO_CON, "framework", "pros_and_cons", {"side": Side.CON}),
        Children("adopters", ADOPTER, "framework"),
    ),
)
FEATURE = Shape(
    Feature,
    (
        Value("slug"),
        Aliases(),
        Value("name"),
        Value("kind"),
        Value("definition"),
        Children(
            "thresholds",
            Shape(Threshold, (Value("level"), Value("text"), Value("condition"))),
            "feature",
            as_mapping=("level", "text"),
        ),
    ),
    positioned=True,
)
FEATURE_GROUP = Shape(
    FeatureGroup,
    (Value("slug"), Value("name"), Value("description")),
    records=(Children("features", FEATURE, "group"),),
    positioned=True,
)
EXTENSION = Shape(
    Extension,
    (
        Value("slug"),
        Aliases(),
        Value("name"),
        Value("kind", required=True),
        Value("summary"),
        Value("url"),
        Value("repository_url"),
        Value("maintenance", required=True),
        Value("last_activity_date"),
        Many("frameworks", Framework),
        Many("features", Feature),
    ),
)
SYNONYM = Shape(
    Synonym,
    (
        Value("word"),
        One("feature", Feature),
        One("framework", Framework),
        One("extension", Extension),
    ),
)
CODE_SAMPLE = Shape(
    CodeSample,
    (One("framework", Framework), Value("file"), Value("note"), Value("code")),
)
TASK = Shape(
    Task,
    (
        Value("slug"),
        Value("title"),
        Value("description"),
        One("feature", Feature),
    ),
    records=(Children("samples", CODE_SAMPLE, "task"),),
    positioned=True,
)
COMPARISON = Shape(
    Comparison,
    (
        Value("slug"),
        Value("title"),
        Many("frameworks", Framework),
        Value("introduction"),
        Children(
            "sections",
            Shape(
                Section,
                (
                    Value("slug"),
                    Value("heading"),
                    Value("body"),
                    Many("features", Feature),
                ),
            ),
            "comparison",
        ),
        Children(
            "verdicts",
            Shape(
                Verdict,
                (
                    Value("slug"),
                    One("framework", Framework),
                    Value("when"),
                    VerdictFindings("findings"),
                    citations("verdict"),
                ),
            ),
            "comparison",
        ),
        Many("features", Feature),
    ),
    positioned=True,
)
DISAGREEMENT = Shape(
    Disagreement,
    (
        Value("slug"),
        Value("key"),
        Value("question"),
        One("feature", Feature),
        Many("frameworks", Framework),
        Children(
            "positions",
            Shape(
                Position,
                (Value("position"), Many("citations", Citation)),
            ),
            "disagreement",
        ),
        *DECISION,
    ),
)
MEASUREMENT_RUN = Shape(
    MeasurementRun,
    (
        Value("slug"),
        One("source", Source),
        Value("measured_on"),
        Value("rounds"),
        Value("seconds"),
        Value("machine"),
        Value("versions"),
        Value("baseline"),
        Value("conditions"),
        Children(
            "measurements",
            Shape(
                Measurement,
                (
                    One("framework", Framework),
                    Value("setup"),
                    Value("metric"),
                    Value("connections"),
                    Value("value"),
                    Value("low"),
                    Value("high"),
                    Value("ratio"),
                    Value("ratio_low"),
                    Value("ratio_high"),
                ),
            ),
            "run",
        ),
    ),
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

"""The knowledge base.

A **Framework** is compared on **Features**, which stand in **FeatureGroups**
and carry a definition and a **Threshold** for each level. A **Statement** is
something we claim and must be able to prove: a **Finding** (the answer for one
framework on one feature), a **ProCon**, a **Fact**, an **Adopter** or a
**Verdict** of a comparison. A **Citation** is one passage of one **Source**
that supports, disputes or gives context to exactly one statement. A statement
is *contested* when it is published and some of its citations support and some
dispute it. A **Disagreement** gathers the **Positions** that sources take on
one question. An **Extension** is a package that provides features. A **Task**
is solved once per framework in a **CodeSample**. A **Comparison** is a page
that editors curate for two or more frameworks. A **ChangeSet** is everything that
one act changed, with the objects as it left them, and lists each as a
**ChangedObject**. A **Link** is what checking an address has shown, whoever has
that address; a **PassageCheck** is what looking for a citation's passage in a
release has shown. An **Alias** is a slug that something had once, whose address still
leads there. A **MeasurementRun** is a session in which we measured, and a
**Measurement** one figure of it. A **Synonym** is what readers call something when
they search. A **Suggestion** is what a reader says is wrong, kept for the editors
alone. A **Proposal** is a change that an editor would make, kept until another one
accepts it. A **Work** is what takes longer than a page should, such as an import, a
**MailChoice** what an account wants to be told by mail.

No row means unknown. Public pages read through ``published()`` alone.
"""

from comparisons.models.aliases import Alias, Renamable
from comparisons.models.comparisons import Comparison, Section, Verdict
from comparisons.models.disagreements import Disagreement, Position
from comparisons.models.features import Feature, FeatureGroup, Threshold
from comparisons.models.findings import Finding
from comparisons.models.frameworks import CodeSample, Extension, Framework, Task
from comparisons.models.history import ChangedObject, ChangeSet
from comparisons.models.knowledge import KnowledgeVersion, LoadedRecord
from comparisons.models.links import Link
from comparisons.models.mail import MailChoice
from comparisons.models.measurements import Measurement, MeasurementRun
from comparisons.models.passages import PassageCheck
from comparisons.models.proposals import Proposal
from comparisons.models.publishing import Publishable
from comparisons.models.sources import Citation, Source
from comparisons.models.statements import Adopter, Fact, ProCon, Statement
from comparisons.models.suggestions import Suggestion
from comparisons.models.synonyms import Synonym
from comparisons.models.works import Work

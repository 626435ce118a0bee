"""The questionnaire as data, the advice that was given, and who it is tried on.

A **Theme** is a priority shown to the visitor, made of features with **Shares**
that sum to one; one may be in part what a team knows. A **Question** offers
**Choices**; what a choice does to the ranking stands in its **Effects** and
nowhere else. A **Preset** suggests points for a project, a **Conflict** warns of
two answers that pull against each other, a **Kinship** says how far knowing one
framework helps with another. **Advice** is the stored result of one submission: it
never changes, and goes when it expires or is deleted. An **AdviceGroup** has
**GroupMembers**, each of whom answers alone; **GroupAdvice** is the stored result
of what they said together.

**JudgedAdvice** is a result of which a reader has said whether it was right, a
**Judgement** how often that was said of results of one kind.

A **Persona** is a named situation with its answers; its **Expectations** are
the passages that say which framework suits it, and a **PersonaOutcome** is what
the advisor said when an editor last recorded it.
"""

from advisor.models.advice import Advice, DeletedAdvice
from advisor.models.groups import AdviceGroup, GroupAdvice, GroupMember
from advisor.models.guidance import Conflict, Kinship, Preset, PresetPoints
from advisor.models.judgements import JudgedAdvice, Judgement
from advisor.models.personas import Expectation, Persona, PersonaOutcome
from advisor.models.questionnaire import Choice, Effect, Question, Share, Theme

"""Published recommendations as data: a situation, its answers, what was recommended.

They are kept in a file and not in the database, because nobody edits them there: the
answers were written before the advisor was first asked, and never change.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from advisor.models.personas import as_lists, validate_answers
from advisor.questionnaire.elicitation import Answers
from comparisons.knowledge.documents import parse
from comparisons.knowledge.parts import KnowledgeError, mappings

FILE = "recommendations.yaml"
# So many are read at most.
MOST = 200
# By when they were collected.
SETS = {
    "known": "Known when the ranking was made",
    "held-out": "Held out: collected when the ranking stood",
    "own-decisions": "Held out too, collected later: decisions of projects",
}
_KINDS = {
    **dict.fromkeys(["slug", "situation", "says"], str),
    **dict.fromkeys(["title", "publisher", "url", "interest"], str),
    **dict.fromkeys(["recommended", "acceptable", "warned_against"], list),
    **dict.fromkeys(["seen_by_editors", "own_project"], bool),
    **{"source": dict, "accessed_date": datetime.date},
}

_is_web_address = URLValidator(["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where somebody recommends something, and what they may gain by it."""

    title: str
    publisher: str
    url: str
    interest: str
    accessed_date: datetime.date


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What somebody recommended for a situation, and the answers that tell it.

    ``recommended`` are slugs of frameworks, each as good as the other; what is
    ``acceptable`` was named as second to them.
    """

    slug: str
    situation: str
    says: str
    source: Page
    answers: Answers
    recommended: frozenset[str]
    acceptable: frozenset[str] = frozenset()
    warned_against: frozenset[str] = frozenset()
    # Whether those who rate the frameworks knew the source when they did.
    seen_by_editors: bool = False
    # What it was collected with, one of ``SETS``.
    collection: str = "known"
    # Whether the source chose for a project of its own.
    own_project: bool = False

    @property
    def candidates(self):
        """The frameworks among which the source chose; empty if among all."""
        return frozenset(self.answers.get("candidates", ()))

    @property
    def is_held_out(self):
        """Whether it was collected when the ranking stood: nothing is tuned on it."""
        return self.collection != "known"

    @property
    def leaves_what_is_known(self):
        """Whether the team knows a framework, and none that is recommended to it."""
        known = frozenset(self.answers.get("team_knows", ()))
        return bool(known) and known.isdisjoint(self.recommended)


def read_recommendations(folder: Path) -> list[Recommendation]:
    """Return the recommendations that the file in ``folder`` holds.

    Raises:
        KnowledgeError: the file, or one of its entries, is not as it should be.
    """
    entries = mappings("recommendations", parse(folder / FILE).get("recommendations"))
    if len(entries) > MOST:
        raise KnowledgeError(f"{FILE} may hold {MOST} recommendations at most.")
    read: dict[str, Recommendation] = {}
    for entry in entries:
        name = entry.get("slug", "An entry without a slug")
        try:
            read[name] = _recommendation(entry)
        except ValidationError as error:
            raise KnowledgeError(f"{name}: {error.message}") from error
        except (KeyError, TypeError) as error:
            raise KnowledgeError(f"{name}: {error}") from error
    if len(read) < len(entries):
        raise KnowledgeError("A slug is there more than once.")
    return list(read.values())


def _recommendation(entry):
    _refuse_other_kinds(entry)
    _refuse_other_kinds(entry["source"])
    validate_answers(entry["answers"])
    named = {
        key: frozenset(entry.get(key, ()))
        for key in ("recommended", "acceptable", "warned_against")
    }
    answers = as_lists(entry["answers"])
    said = Recommendation(
        **{**entry, **named, "answers": answers, "source": Page(**entry["source"])}
    )
    _is_web_address(said.source.url)
    if not said.recommended or not answers:
        raise ValidationError("It lacks answers, or what is recommended.")
    if said.collection not in SETS:
        raise ValidationError(f"“{said.collection}” is none of our collections.")
    if sum(map(len, named.values())) > len(frozenset().union(*named.values())):
        raise ValidationError("It says two things of the same framework.")
    if said.candidates and not said.recommended <= said.candidates:
        raise ValidationError("It recommends what is not among its candidates.")
    return said


def _refuse_other_kinds(entry):
    for name, value in entry.items():
        kind = _KINDS.get(name, object)
        texts = value if kind is list and isinstance(value, list) else [value]
        is_text = all(isinstance(each, str) and each.strip() for each in texts)
        if not isinstance(value, kind) or kind in (str, list) and not is_text:
            raise ValidationError(f"“{name}” is to be a {kind.__name__}.")

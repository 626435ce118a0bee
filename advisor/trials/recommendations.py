"""Published recommendations as data: a situation, its answers, what was recommended.

They are kept in a file and not in the database, because nobody edits them there: the
answers were written before the advisor was first asked, and never change.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from advisor.models.personas import validate_answers
from comparisons.knowledge.documents import parse
from comparisons.knowledge.parts import KnowledgeError, mappings

FILE = "recommendations.yaml"
# A page lists them all.
MOST = 200

_TEXTS = ("slug", "situation", "says")
_SOURCE_TEXTS = ("title", "publisher", "url", "interest")
_FRAMEWORKS = ("recommended", "acceptable", "warned_against")
_MARKS = ("seen_by_editors", "held_out", "own_project")
_ENTRIES = {*_TEXTS, *_FRAMEWORKS, *_MARKS, "source", "answers"}
_SOURCE_ENTRIES = {*_SOURCE_TEXTS, "accessed_date"}
_is_web_address = URLValidator(["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """What somebody recommended for a situation, and the answers that tell it.

    ``recommended`` are slugs of frameworks, each as good as the other; what is
    ``acceptable`` was named as second to them.
    """

    slug: str
    situation: str
    says: str
    source: Mapping[str, Any]
    answers: Mapping[str, Sequence[str]]
    recommended: frozenset[str]
    acceptable: frozenset[str] = frozenset()
    warned_against: frozenset[str] = frozenset()
    # Whether those who rate the frameworks knew the source when they did.
    seen_by_editors: bool = False
    # Whether it was collected when the ranking stood, so that nothing was tuned on it.
    held_out: bool = False
    # Whether the source chose for a project of its own.
    own_project: bool = False

    @property
    def candidates(self):
        """The frameworks among which the source chose; empty if among all."""
        return frozenset(self.answers.get("candidates", ()))

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
    read = [_recommendation(entry) for entry in entries]
    slugs = [recommendation.slug for recommendation in read]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise KnowledgeError(f"“{slug}” is there more than once.")
    return read


def _recommendation(entry):
    name = entry.get("slug") or "An entry without a slug"

    def refuse(sentence):
        raise KnowledgeError(f"{name}: {sentence}")

    _texts(entry, _TEXTS, _ENTRIES, "", refuse)
    source = entry.get("source")
    if not isinstance(source, dict):
        refuse("“source” must be a mapping.")
    _texts(source, _SOURCE_TEXTS, _SOURCE_ENTRIES, "source: ", refuse)
    try:
        _is_web_address(source["url"])
    except ValidationError:
        refuse(f"“{source['url']}” is no address of the web.")
    if not isinstance(source.get("accessed_date"), datetime.date):
        refuse("source: “accessed_date” must be the day on which it was read.")
    marks = {key: entry.get(key, False) for key in _MARKS}
    for key, mark in marks.items():
        if not isinstance(mark, bool):
            refuse(f"“{key}” is true or false.")
    named = {key: _slugs(key, entry.get(key, []), refuse) for key in _FRAMEWORKS}
    if not named["recommended"]:
        refuse("“recommended” names no framework.")
    if sum(map(len, named.values())) > len(frozenset().union(*named.values())):
        refuse("It says two things of the same framework.")
    answers = _answers(entry.get("answers"), refuse)
    candidates = answers.get("candidates")
    for framework in sorted(named["recommended"]):
        if candidates and framework not in candidates:
            refuse(f"It recommends {framework}, which is not among its candidates.")
    return Recommendation(
        **{key: entry[key] for key in _TEXTS},
        **named,
        **marks,
        source=source,
        answers=answers,
    )


def _texts(entry, required, known, where, refuse):
    for key in sorted(entry.keys() - known):
        refuse(f"{where}nothing reads “{key}”.")
    for key in required:
        if not (isinstance(entry.get(key), str) and entry[key].strip()):
            refuse(f"{where}“{key}” must be a text.")


def _slugs(key, value, refuse):
    is_list = isinstance(value, list) and all(isinstance(slug, str) for slug in value)
    if not is_list:
        refuse(f"“{key}” must be a list of frameworks.")
    return frozenset(value)


def _answers(answers, refuse):
    try:
        validate_answers(answers)
    except ValidationError as error:
        refuse(f"answers: {error.message}")
    if not answers:
        refuse("answers: without any the advisor has nothing to go by.")
    return {
        question: value if isinstance(value, list) else [value]
        for question, value in answers.items()
    }

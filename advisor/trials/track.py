"""The track record: what each release of the advisor met, and what it meets today."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.robustness import Certainty
from advisor.trials.agreement import Comparison, Figures, Kind, Rate, compare, figures
from advisor.trials.answers import random_trial
from advisor.trials.holding import held
from advisor.trials.recommendations import read_recommendations
from comparisons.knowledge.documents import parse, render
from comparisons.knowledge.parts import KnowledgeError, mappings

FILE = "track_record.yaml"
# How many releases the page lists, the newest first.
SHOWN_RELEASES = 20
# How many random answers the labels are tried on.
ANSWER_SETS = 400
# Parts of the recommendations, each with what belongs to it.
AMONG_ALL = "Chosen among all frameworks"
PARTS = {
    AMONG_ALL: lambda said: not said.candidates,
    "Chosen among those that the source names": lambda said: said.candidates,
    "The team leaves what it knows": lambda said: said.leaves_what_is_known,
    "The editors did not know the source": lambda said: not said.seen_by_editors,
}


@dataclass(frozen=True, kw_only=True)
class Release:
    """What one release met, and how often its labels held."""

    name: str
    recorded_on: datetime.date
    figures: Figures
    held: Mapping[Certainty, Rate]


@dataclass(frozen=True, kw_only=True)
class Track:
    """The comparisons with the knowledge of one moment, and the releases before.

    ``names`` are those of the frameworks, ``not_asked`` counts the recommendations that
    the present questionnaire cannot be asked.
    """

    comparisons: Sequence[Comparison]
    not_asked: int
    releases: Sequence[Release]
    names: Mapping[str, str]

    @cached_property
    def figures(self):
        return figures(self.comparisons)

    @cached_property
    def groups(self):
        """The same figures of parts that are harder, by what they are called."""
        parts = {
            name: [each for each in self.comparisons if belongs(each.recommendation)]
            for name, belongs in PARTS.items()
        }
        return {name: figures(part) for name, part in parts.items() if part}

    @property
    def open(self):
        """Those where the source chose among all frameworks; None if none did."""
        return self.groups.get(AMONG_ALL)

    @cached_property
    def by_label(self):
        """How often the first choice is the recommended one, by how sure it was."""
        return {
            label: figures(part).met
            for label in Certainty
            if (part := [each for each in self.comparisons if each.certainty == label])
        }

    @cached_property
    def kinds(self):
        """The comparisons by kind; those that are met come last."""
        last = [kind for kind in Kind if kind != Kind.MET] + [Kind.MET]
        return {
            kind: part
            for kind in last
            if (part := [each for each in self.comparisons if each.kind == kind])
        }


def current_track() -> Track:
    """Return the track record with the present knowledge, worked out once for a day."""
    questionnaire, today = Questionnaire.current(), timezone.localdate()
    return _track(questionnaire, settings.KNOWLEDGE_DIR, today)


def read_releases(folder: Path) -> list[Release]:
    """Return the releases that the file in ``folder`` holds, the oldest first.

    Raises:
        KnowledgeError: the file is not as ``add_release`` writes it.
    """
    path = folder / FILE
    rows = mappings("releases", parse(path).get("releases")) if path.exists() else []
    try:
        return [_release(row) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{path} holds an incomplete row: {error}") from error


def add_release(name: str, folder: Path, today: datetime.date) -> Release:
    """Write what the present knowledge meets into the file, under ``name``.

    A release of that name is replaced.
    """
    questionnaire = Questionnaire.current()
    track = _work_out(questionnaire, folder)
    if not track.comparisons:
        raise KnowledgeError("The questionnaire can be asked no recommendation.")
    release = Release(
        name=name,
        recorded_on=today,
        figures=track.figures,
        held=held(random_trial(questionnaire, ANSWER_SETS)),
    )
    others = [each for each in read_releases(folder) if each.name != name]
    rows = [_row(each) for each in [*others, release]]
    (folder / FILE).write_text(render({"releases": rows}), encoding="utf-8")
    return release


@lru_cache(maxsize=1)
def _track(questionnaire, folder, day):
    """Return the track record on ``day``: packages grow too old to be relied on."""
    return _work_out(questionnaire, folder)


def _work_out(questionnaire, folder):
    recommendations = read_recommendations(folder)
    comparisons = compare(questionnaire, recommendations)
    return Track(
        comparisons=comparisons,
        not_asked=len(recommendations) - len(comparisons),
        releases=read_releases(folder)[: -SHOWN_RELEASES - 1 : -1],
        names={
            framework.slug: framework.name for framework in questionnaire.frameworks
        },
    )


def _row(release):
    told = release.figures
    return {
        "release": release.name,
        "recorded_on": release.recorded_on,
        "asked": told.met.total,
        "met": told.met.count,
        "accepted": told.accepted.count,
        "warned_against": told.warned_against.count,
        "popular": told.popular.count,
        "chance": round(told.chance.count, 2),
        "held": {
            str(label): [rate.count, rate.total] for label, rate in release.held.items()
        },
    }


def _release(row):
    def rate(key):
        return Rate(row[key], row["asked"])

    return Release(
        name=row["release"],
        recorded_on=row["recorded_on"],
        figures=Figures(
            met=rate("met"),
            accepted=rate("accepted"),
            warned_against=rate("warned_against"),
            popular=rate("popular"),
            chance=rate("chance"),
        ),
        held={Certainty(label): Rate(*pair) for label, pair in row["held"].items()},
    )

"""The track record: what each release of the advisor met, and what it meets today."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from advisor.questionnaire.reading import Questionnaire
from advisor.ranking.robustness import Certainty
from advisor.trials.agreement import Comparison, Figures, Kind, Rate, compare, figures
from advisor.trials.answers import random_trial
from advisor.trials.holding import held
from advisor.trials.recommendations import SETS, read_recommendations
from comparisons.knowledge.documents import parse, render
from comparisons.knowledge.parts import KnowledgeError, mappings

FILE = "track_record.yaml"
# How many releases the page lists, the newest first.
SHOWN_RELEASES = 20
# How many random answers the labels are tried on.
ANSWER_SETS = 400
# Parts that are harder, each with what belongs to it.
AMONG_ALL = "Chosen among all frameworks"
PARTS = {
    AMONG_ALL: lambda said: not said.candidates,
    "Chosen among those that the source names": lambda said: said.candidates,
    "Decided for a project of their own": lambda said: said.own_project,
    "The team leaves what it knows": lambda said: said.leaves_what_is_known,
    "The editors did not know the source": lambda said: not said.seen_by_editors,
}


@dataclass(frozen=True, kw_only=True)
class Release:
    """What one release met, and how often its labels held.

    ``figures`` are those of what was known when the ranking was made; ``held_out``
    those of the others, None if there were none.
    """

    name: str
    recorded_on: datetime.date
    figures: Figures
    held_out: Figures | None
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
    def by_set(self):
        """The comparisons of each set that has any."""
        found = {
            key: [c for c in self.comparisons if c.recommendation.collection == key]
            for key in SETS
        }
        return {key: part for key, part in found.items() if part}

    @cached_property
    def sets(self):
        """The same figures by the name of a set, and in each by those of its parts."""
        return {SETS[key]: _parts(part) for key, part in self.by_set.items()}

    @property
    def open(self):
        """Those where the source chose among all frameworks; None if none or all."""
        return _parts(self.comparisons).get(AMONG_ALL)

    @property
    def held_out(self):
        """Those on which nothing was tuned; None if there are none."""
        part = _those(self.comparisons, lambda said: said.is_held_out)
        return figures(part) if part else None

    @cached_property
    def by_label(self):
        """How often the first choice is the recommended one, by how sure it was."""
        return {
            label: figures(part).met
            for label in Certainty
            if (part := [each for each in self.comparisons if each.certainty == label])
        }

    def kinds(self, key):
        """Return the comparisons of one set by kind; those that are met come last."""
        last = [kind for kind in Kind if kind != Kind.MET] + [Kind.MET]
        return {
            kind: part
            for kind in last
            if (part := [each for each in self.by_set[key] if each.kind == kind])
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
    known = _those(track.comparisons, lambda said: not said.is_held_out)
    release = Release(
        name=name,
        recorded_on=today,
        figures=figures(known),
        held_out=track.held_out,
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


def _those(comparisons, belongs):
    return [each for each in comparisons if belongs(each.recommendation)]


def _parts(comparisons):
    parts = {name: _those(comparisons, belongs) for name, belongs in PARTS.items()}
    return {"All": figures(comparisons)} | {
        name: figures(part)
        for name, part in parts.items()
        if 0 < len(part) < len(comparisons)
    }


def _row(release):
    return {
        "release": release.name,
        "recorded_on": release.recorded_on,
        **_counts(release.figures),
        **({"held_out": _counts(release.held_out)} if release.held_out else {}),
        "held": {
            str(label): [rate.count, rate.total] for label, rate in release.held.items()
        },
    }


def _counts(told):
    return {"asked": told.met.total} | {
        key.name: round(getattr(told, key.name).count, 2) for key in fields(told)
    }


def _figures(counts):
    return Figures(
        **{key.name: Rate(counts[key.name], counts["asked"]) for key in fields(Figures)}
    )


def _release(row):
    return Release(
        name=row["release"],
        recorded_on=row["recorded_on"],
        figures=_figures(row),
        held_out=_figures(row["held_out"]) if "held_out" in row else None,
        held={Certainty(label): Rate(*pair) for label, pair in row["held"].items()},
    )

"""What would change a result, as plain JSON: priorities, facts, must-haves."""

from dataclasses import asdict, replace
from functools import cached_property

from advisor.ranking.flips import flips
from advisor.ranking.relaxation import drops, lowerings
from advisor.ranking.sensitivity import hinge, open_facts, theme_leaders
from advisor.ranking.why_not import why_not
from advisor.results import wording
from comparisons.choices import Level

# How many unknown facts are named that could change the first place.
MOST_FACTS = 6
# Fewer points than this are not worth learning a fact for.
WORTH_LEARNING = 0.5


class Prospects:
    """What would change ``ranking``, in the words of the page.

    ``names`` are those of the frameworks, ``features`` those that the answers
    touch, by slug.
    """

    def __init__(
        self, *, ranking, candidates, preferences, names, theme_names, features
    ):
        self.ranking = ranking
        self.candidates = candidates
        self.names = names
        self.theme_names = theme_names
        self.points, self.shares = preferences.weighable
        self.requirements = [must.requirement for must in preferences.must_haves]
        self.facts = {
            slug: wording.Fact(
                name=feature.name,
                levels={
                    level.label: level.worth for level in feature.feature_kind.levels
                },
            )
            for slug, feature in features.items()
        }

    def flips(self):
        """Return what would let the nearest challengers draw level with the leader."""
        return [
            {
                "challenger": standing.candidate.slug,
                "sentence": wording.flip_sentence(
                    standing.candidate.name, found, self.theme_names, self.facts
                ),
                "dominated": found.is_dominated,
                "themes": [asdict(flip) for flip in found.themes],
                "transfer": found.transfer and asdict(found.transfer),
                "facts": [asdict(flip) for flip in found.facts],
            }
            for standing, found in self._challengers[: wording.MOST_FLIPS]
        ]

    def sentences(self):
        """Return at most three sentences on what would change the first place."""
        challengers = [
            (standing.candidate.name, found) for standing, found in self._challengers
        ]
        return list(wording.change_sentences(challengers, self.theme_names, self.facts))

    def hinge(self):
        """Return which theme to think about once more; empty if none decides."""
        found = hinge(self.ranking, self.points, self.shares)
        return (
            wording.hinge_sentence(found, self.names, self.theme_names) if found else ""
        )

    def first_by_theme(self):
        """Return who comes first for those who care most about each theme."""
        return [
            {
                "theme": leaders.theme,
                "name": self.theme_names[leaders.theme],
                "frameworks": [self.names[slug] for slug in leaders.frameworks],
            }
            for leaders in theme_leaders(
                self.points, self.shares, self.candidates, self.requirements
            )
        ]

    def why_not(self, framework):
        """Return in sentences why ``framework`` does not come first, if it does not."""
        found = why_not(self.ranking, framework, self.points, self.shares)
        if found is None:
            return []
        told = replace(found, flips=found.flips and self._told(found.flips))
        return wording.why_not_sentences(told, self.names, self.theme_names, self.facts)

    def open_facts(self):
        """Return the unknown facts that are worth learning, weightiest first."""
        return [
            {
                "framework": fact.framework,
                "name": self.names[fact.framework],
                "feature": fact.feature,
                "feature_name": self.facts[fact.feature].name,
                "spread": fact.points,
                "could_change_first": fact.could_change_first,
            }
            for fact in open_facts(self.ranking)
            if fact.could_change_first or fact.points >= WORTH_LEARNING
        ][:MOST_FACTS]

    def relaxations(self):
        """Return which frameworks come back for fewer must-haves, if none is left."""
        if self.ranking.standings or not self.requirements:
            return []
        ways = [
            *(("drop", way) for way in drops(self.candidates, self.requirements)),
            *(
                ("lower", way)
                for way in lowerings(
                    self.candidates, self.requirements, Level.THIRD_PARTY.worth
                )
                if way.returning
            ),
        ]
        return [
            {
                "kind": kind,
                "features": [r.feature for r in way.requirements],
                "name": wording.join(
                    [self.facts[r.feature].name for r in way.requirements]
                ),
                "comes_back": len(way.returning),
                "returning": [self.names[slug] for slug in way.returning],
            }
            for kind, way in ways
        ]

    @cached_property
    def _challengers(self):
        """Return those in the leader's tier behind it, with what would help them."""
        leader, *others = self.ranking.standings
        return [
            (
                standing,
                self._told(
                    flips(
                        leader.candidate, standing.candidate, self.points, self.shares
                    )
                ),
            )
            for standing in others
            if standing.tier == leader.tier and standing.rank > 1
        ]

    def _told(self, found):
        """Return those of the ``Flips`` found that the page speaks of: all."""
        return found

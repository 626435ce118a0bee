"""Closed vocabularies of the questionnaire."""

from django.db import models

# How an answer that was left out is called.
NO_ANSWER = "No answer"
NO_OTHER = "No other"


class QuestionKind(models.TextChoices):
    """What a question asks for, which decides how the form shows it."""

    PROJECT = "project", "Project: choose use cases, the main one first"
    PRIORITY = "priority", "Priority: points for one theme"
    TIE_BREAK = "tie_break", "Tie-break: one of the themes that matter most"
    MUST_HAVES = "must_haves", "Must-haves: choose several capabilities"
    TEAM_KNOWS = "team_knows", "Frameworks that the team knows"
    CANDIDATES = "candidates", "Frameworks to choose from"

    @property
    def asks_for_frameworks(self):
        """Whether the frameworks themselves are the choices."""
        return self in (QuestionKind.TEAM_KNOWS, QuestionKind.CANDIDATES)

    @property
    def takes_several(self):
        """Whether more than one choice may be ticked."""
        return self not in (QuestionKind.PRIORITY, QuestionKind.TIE_BREAK)


class EffectKind(models.TextChoices):
    """What a choice does to the ranking; there is no other way for it to touch it."""

    SET_POINTS = "set_points", "Set the points"
    ADD_POINTS = "add_points", "Add points"
    REQUIRE = "require", "Require a level"


class Step(models.IntegerChoices):
    """The points that a visitor can give a theme."""

    DOES_NOT_MATTER = 0, "Does not matter"
    NICE = 1, "Nice to have"
    IMPORTANT = 2, "Important"
    DECISIVE = 4, "Decisive"


class Provenance(models.TextChoices):
    """Who gave a theme the points that it has."""

    VISITOR = "visitor", "You"
    PRESET = "preset", "A suggestion that you kept"
    DEFAULT = "default", "The editors, for this answer"


class ThemeBasis(models.TextChoices):
    """Where the values of a theme come from."""

    FEATURES = "features", "The findings on its features"
    PROJECT = "project", "How well the framework fits the chosen project"
    TEAM = "team", "Whether the team knows the framework"


class WasRight(models.TextChoices):
    """What a reader may say of a result."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"

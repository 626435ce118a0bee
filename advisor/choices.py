"""Closed vocabularies of the questionnaire."""

from django.db import models


class QuestionKind(models.TextChoices):
    """What a question asks for, which decides how the form shows it."""

    PROJECT = "project", "Project: choose one use case"
    PRIORITY = "priority", "Priority: points for one theme"
    MUST_HAVES = "must_haves", "Must-haves: choose several capabilities"
    TEAM_KNOWS = "team_knows", "Frameworks that the team knows"
    CANDIDATES = "candidates", "Frameworks to choose from"

    @property
    def asks_for_frameworks(self):
        """Whether the frameworks themselves are the choices."""
        return self in (QuestionKind.TEAM_KNOWS, QuestionKind.CANDIDATES)


class EffectKind(models.TextChoices):
    """What an answer does to the ranking; there is no other way to touch it."""

    SET_POINTS = "set_points", "Set the points"
    ADD_POINTS = "add_points", "Add points"
    REQUIRE = "require", "Require a level"


class ThemeBasis(models.TextChoices):
    """Where the values of a theme come from."""

    FEATURES = "features", "The findings on its features"
    TEAM = "team", "Whether the team knows the framework"

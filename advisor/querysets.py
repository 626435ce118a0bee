"""The questions asked of the questionnaire, by name.

As in the knowledge base, ``published()`` is the one door through which pages
read: nothing that an answer acts on may be a draft. An editor's preview opens it
further, see ``comparisons.public.drafts_shown()``; features stay as they are.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from comparisons.choices import Status
from comparisons.public import KnowledgeQuerySet, shown_states


class QuestionQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return those whose theme and condition, if any, are published as well."""
        return (
            super()
            .published()
            .filter(
                Q(theme=None) | Q(theme__status__in=shown_states()),
                Q(shown_if=None) | Q(shown_if__in=self._published("choices").askable()),
            )
        )


class ChoiceQuerySet(KnowledgeQuerySet):
    def askable(self):
        """Return the published choices of questions that are published too."""
        return self.published().filter(question__status__in=shown_states())

    def published(self):
        """Return the choices, but for those that act on nothing but drafts."""
        effects = self.model._meta.get_field("effects").related_model.objects
        own = {"choice": OuterRef("pk")}
        return self.filter(
            ~Exists(effects.filter(**own)) | Exists(effects.published().filter(**own))
        )


class EffectQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return the effects on a theme or feature that is published."""
        return self.filter(
            Q(theme__status__in=shown_states()) | Q(feature__status=Status.PUBLISHED)
        )


class PersonaOutcomeQuerySet(QuerySet):
    def newest_of_each(self):
        """Return the outcome of each persona that was recorded last."""
        newest = self.model.objects.filter(persona=OuterRef("persona"))
        return self.filter(
            pk=Subquery(newest.order_by("-recorded_at", "-pk").values("pk")[:1])
        )


class ExpiringQuerySet(QuerySet):
    def expired(self, now):
        """Return those that nobody is shown any more."""
        return self.filter(expires_at__lte=now)


class PresetQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return those for a project that can be chosen."""
        return (
            super().published().filter(choice__in=self._published("choice").askable())
        )


class PresetPointsQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return the points of themes that are published."""
        return self.filter(theme__status__in=shown_states())


class ConflictQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return those between choices that can both be made."""
        choices = self._published("first").askable()
        return super().published().filter(first__in=choices, second__in=choices)

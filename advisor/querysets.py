"""The questions asked of the questionnaire, by name.

As in the knowledge base, ``published()`` is the one door through which pages
read: nothing that an answer acts on may be a draft. A preview for editors reads
through the same doors with the states of ``PREVIEWED``.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from comparisons.choices import Status
from comparisons.querysets import KnowledgeQuerySet, PublishableQuerySet

PUBLISHED = (Status.PUBLISHED,)
PREVIEWED = (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


class QuestionQuerySet(PublishableQuerySet):
    def published(self):
        """Return those whose theme, if they weigh one, is published as well."""
        return self.asked(PUBLISHED)

    def asked(self, states):
        """Return those that are in ``states``, as is the theme that they weigh."""
        return self.filter(
            Q(theme=None) | Q(theme__status__in=states), status__in=states
        )


class ChoiceQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return the choices, but for those that act on nothing but drafts."""
        return self.acting(PUBLISHED)

    def acting(self, states):
        """Return the choices, but for those that act on no theme in ``states``."""
        effects = self.model._meta.get_field("effects").related_model.objects
        own = {"choice": OuterRef("pk")}
        return self.filter(
            ~Exists(effects.filter(**own))
            | Exists(effects.acting(states).filter(**own))
        )


class EffectQuerySet(KnowledgeQuerySet):
    def published(self):
        """Return the effects on a theme or feature that is published."""
        return self.acting(PUBLISHED)

    def acting(self, states):
        """Return the effects on a theme in ``states`` or on a published feature."""
        return self.filter(
            Q(theme__status__in=states) | Q(feature__status=Status.PUBLISHED)
        )


class PersonaOutcomeQuerySet(QuerySet):
    def newest_of_each(self):
        """Return the outcome of each persona that was recorded last."""
        newest = self.model.objects.filter(persona=OuterRef("persona"))
        return self.filter(
            pk=Subquery(newest.order_by("-recorded_at", "-pk").values("pk")[:1])
        )


class AdviceQuerySet(QuerySet):
    def expired(self, now):
        """Return those that nobody is shown any more."""
        return self.filter(expires_at__lte=now)

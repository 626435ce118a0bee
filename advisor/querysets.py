"""The questions asked of the questionnaire, by name.

As in the knowledge base, ``published()`` is the one door through which pages
read: nothing that an answer acts on may be a draft.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from comparisons.choices import Status
from comparisons.querysets import KnowledgeQuerySet, PublishableQuerySet


class QuestionQuerySet(PublishableQuerySet):
    def published(self):
        """Return those whose theme, if they weigh one, is published as well."""
        return (
            super()
            .published()
            .filter(Q(theme=None) | Q(theme__status=Status.PUBLISHED))
        )


class ChoiceQuerySet(KnowledgeQuerySet):
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
            Q(theme__status=Status.PUBLISHED) | Q(feature__status=Status.PUBLISHED)
        )


class AdviceQuerySet(QuerySet):
    def expired(self, now):
        """Return those that nobody is shown any more."""
        return self.filter(expires_at__lte=now)

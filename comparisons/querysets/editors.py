"""What editors and readers did: changes, suggestions, proposals, former slugs."""

from django.core.validators import slug_re
from django.db import models
from django.db.models import Exists, OuterRef, Q

from comparisons.choices import Act, ProposalState, SuggestionState
from comparisons.public import KnowledgeQuerySet

# States of proposals that their authors may still mend.
UNDECIDED = [ProposalState.OPEN, ProposalState.RETURNED]


class ChangeSetQuerySet(models.QuerySet):
    """Recorded acts of editors."""

    def by(self, editor):
        return self.filter(editor=editor)

    def since(self, moment):
        return self.filter(created_at__gte=moment)

    def with_editors(self):
        """Join who made each, and who accepted it."""
        return self.select_related("editor", "accepted_by")

    def public(self, **key):
        """Return the sets that changed something, of ``key``, which readers saw."""
        listed = self.model._meta.get_field("objects_changed").related_model
        return self.filter(
            Exists(listed.objects.public().filter(change_set=OuterRef("pk"), **key))
        )


class ChangedObjectQuerySet(models.QuerySet):
    """What sets did to single objects."""

    def public(self):
        """Return what was done to objects that readers saw before or after."""
        return self.filter(Q(was_public=True) | Q(is_public=True))

    def latest_public(self, **key):
        """Return the last thing of ``key`` that readers saw change, or None."""
        listed = self.public().filter(**key).select_related("change_set")
        return listed.order_by("-pk").first()

    def of(self, model, pks):
        """Return all that ever happened to some objects of ``model``."""
        return self.filter(model_label=model._meta.label_lower, object_pk__in=pks)

    def of_one(self, model, pk):
        """Return the history of one object, that of its citations included.

        ``pk`` is text from an address; nothing has the history of nonsense.
        """
        if not str(pk).isdecimal() or int(pk) > models.BigIntegerField.MAX_BIGINT:
            return self.none()
        wanted = Q(model_label=model._meta.label_lower, object_pk=int(pk))
        for relation in model._meta.related_objects:
            if relation.name == "citations" and relation.one_to_many:
                citation = relation.related_model
                cited = citation.history.filter(**{relation.field.attname: pk})
                wanted |= Q(
                    model_label=citation._meta.label_lower,
                    object_pk__in=cited.values(citation._meta.pk.name),
                )
        return self.filter(wanted)

    def gone(self):
        """Return the deletions of objects that did not come back."""
        later = self.model.objects.filter(
            model_label=OuterRef("model_label"),
            object_pk=OuterRef("object_pk"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(act=Act.DELETED).exclude(Exists(later))


class SuggestionQuerySet(KnowledgeQuerySet):
    """What readers have suggested."""

    def open(self):
        """Return those that wait for a decision."""
        return self.filter(state=SuggestionState.OPEN)

    def since(self, moment):
        return self.filter(created_at__gte=moment)

    def unanswered(self):
        """Return the decided ones whose reader left an address and was not told."""
        return self.exclude(state=SuggestionState.OPEN).exclude(contact="")

    def with_targets(self):
        """Join what each is about, with all that names it."""
        return self.with_names(self.model.targets)


class ProposalQuerySet(models.QuerySet):
    """What editors propose."""

    def open(self):
        """Return those that wait for a decision."""
        return self.filter(state=ProposalState.OPEN)

    def undecided(self):
        """Return those that are open, or were sent back to be mended."""
        return self.filter(state__in=UNDECIDED)

    def about(self, row):
        return self.filter(model_label=row._meta.label_lower, object_pk=row.pk)


class AliasQuerySet(KnowledgeQuerySet):
    """Slugs that rows once had."""

    def rows(self, model, slugs):
        """Return {former slug: the row of ``model`` that had it}, in one query.

        For slugs that no row has now: a living slug comes first everywhere.
        """
        kind = model._meta.model_name
        possible = [slug for slug in slugs if slug_re.match(slug)]
        aliases = self.filter(kind=kind, slug__in=possible).select_related(kind)
        return {alias.slug: getattr(alias, kind) for alias in aliases}

    def lead(self, slug, row):
        """Have the former ``slug`` lead to ``row`` from now on."""
        kind = row._meta.model_name
        alias, _ = self.update_or_create(kind=kind, slug=slug, defaults={kind: row})
        return alias

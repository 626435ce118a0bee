"""What readers see, stated once for each model and asked everywhere.

A row is public if all of this holds:

- its own state, where it has one, is published;
- all that it is ``published_with`` is public, as far as it is set: a finding with
  its framework and its feature. A row without a state belongs to another one, and
  is published with what it ``belongs_to`` unless its model says more;
- something public leads to it, where it is ``published_through`` others: a source
  through its citations.

What states none of these is for editors. ``public()`` is that for the database:
``published()`` filters by it, the triggers of the knowledge version are made of it,
and ``comparisons.history.visibility`` asks the same of the past.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from comparisons.choices import Status

# The states that the door lets through.
_shown = ContextVar("shown", default=(Status.PUBLISHED,))


@contextmanager
def drafts_shown():
    """Let ``published()`` answer with drafts and what is in review, too.

    For the preview of an editor, who has been asked for the right to it before.
    """
    token = _shown.set((Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED))
    try:
        yield
    finally:
        _shown.reset(token)


def shown_states():
    """Return the states of what readers see, or an editor in a preview."""
    return _shown.get()


def parents(model):
    """Return the paths to what has to be public for a row of ``model`` to be."""
    return getattr(model, "published_with", None) or getattr(model, "belongs_to", ())


def leaders(model):
    """Return the relations of ``model`` of which something public has to lead to it."""
    names = getattr(model, "published_through", ())
    return [model._meta.get_field(name) for name in names]


def has_state(model):
    """Whether a row of ``model`` is published by itself."""
    return hasattr(model, "is_published")


def public_models():
    """Return the models of which readers see rows."""
    return [model for model in apps.get_models() if _says_what_is_public(model)]


def public(model, path=""):
    """Return the condition that readers see the row of ``model`` at ``path``.

    ``path`` is a lookup that ends in ``__``, or empty for the row itself.
    """
    return _public(model, path, shown_states())


# Put together once for each place: it takes longer than most questions it is part of.
@cache
def _public(model, path, states):
    if not _says_what_is_public(model):
        return Q(pk__in=[])
    condition = Q()
    if has_state(model):
        condition &= Q(**{f"{path}status__in": states})
    for name in parents(model):
        condition &= _public_parent(model, path, name)
    if led := leaders(model):
        ways = (_leads(relation, path) for relation in led)
        condition &= Q(*ways, _connector=Q.OR)
    return condition


def _says_what_is_public(model):
    return bool(has_state(model) or parents(model) or leaders(model))


def _public_parent(model, path, name):
    relation, nullable = None, False
    for step in name.split("__"):
        relation = (relation.related_model if relation else model)._meta.get_field(step)
        nullable = nullable or relation.null
    parent = relation.related_model
    if relation.many_to_many:
        links, own, other = _links(relation)
        hidden = links.filter(~public(parent, f"{other}__"), **{own: _key(path)})
        return ~Exists(hidden)
    condition = public(parent, f"{path}{name}__")
    return condition | Q(**{f"{path}{name}": None}) if nullable else condition


def _leads(relation, path):
    leader = relation.related_model
    if relation.many_to_many:
        links, own, other = _links(relation)
        leading = links.filter(public(leader, f"{other}__"), **{own: _key(path)})
        return Exists(leading)
    leading = leader._base_manager.filter(public(leader))
    return Exists(leading.filter(**{relation.remote_field.name: _key(path)}))


def _links(relation):
    """Return the rows of many-to-many ``relation``, and its own end and the other's.

    Asked from the few links of one row: a database may begin with all there are.
    """
    links = relation.remote_field if relation.auto_created else relation
    ends = [links.m2m_field_name(), links.m2m_reverse_field_name()]
    own, other = reversed(ends) if relation.auto_created else ends
    return links.remote_field.through._base_manager, own, other


def _key(path):
    return OuterRef(f"{path}pk")


class KnowledgeQuerySet(models.QuerySet):
    """Rows of the knowledge; ``published()`` is the one door for public pages."""

    def published(self):
        """Return the rows that readers may see."""
        return self.filter(public(self.model))

    def with_names(self, keys):
        """Join what ``keys`` lead to, with all that it is called by and public with."""
        paths = list(keys)
        for key in keys:
            related = self.model._meta.get_field(key).related_model
            paths += [f"{key}__{parent}" for parent in parents(related)]
        return self.select_related(*paths)

    def exceeds(self, number):
        """Whether there are more rows than ``number``; looks at no more than that."""
        return self.order_by()[number : number + 1].exists()

    def _published(self, relation):
        """Return the published rows of the model at the other end of ``relation``."""
        return self.model._meta.get_field(relation).related_model.objects.published()

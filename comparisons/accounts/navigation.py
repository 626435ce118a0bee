"""The parts of the desk by task: lists of models, and pages beside them.

Apps add theirs when their admin is read: ``site.parts.append(Part(…))``. A model that
stands in no part, because another form or page holds it, keeps its address and stands
in the list of all tables of its app.
"""

from dataclasses import dataclass, field

from django.db.models import Model
from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page that is no list of a model, for those who have ``permissions``.

    One below whose address others lie has a ``fragment``, or Django would mark it as
    the current page on theirs.
    """

    title: str
    # The name of its address, and what goes into that; {user} is the asker's key.
    view: str
    args: tuple = ()
    query: dict[str, str] = field(default_factory=dict)
    fragment: str | None = None
    permissions: tuple[str, ...] = ()

    def entry(self, user):
        """Return it as Django describes a model; None if it is not for ``user``."""
        if not user.has_perms(self.permissions):
            return None
        query = {name: value.format(user=user.pk) for name, value in self.query.items()}
        return {
            "name": self.title,
            "object_name": "-".join([self.view.replace(":", "-"), *self.args, *query]),
            "admin_url": reverse(
                self.view, args=self.args, query=query or None, fragment=self.fragment
            ),
            "add_url": None,
            "view_only": True,
        }


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the desk: models by their lists, and other pages."""

    slug: str
    title: str
    position: int
    places: list[type[Model] | Place]

    def entry(self, user, tables):
        """Return it as Django describes an app, with what ``user`` may see of it.

        ``tables`` are the lists that Django shows this user, by model.
        """
        entries = [
            place.entry(user) if isinstance(place, Place) else tables.get(place)
            for place in self.places
        ]
        return {
            "name": self.title,
            "app_label": self.slug,
            "app_url": reverse("admin:index", fragment=f"part-{self.slug}"),
            "has_module_perms": True,
            "models": [entry for entry in entries if entry],
        }

from django.db import models, transaction

from comparisons.choices import LinkState
from comparisons.models.constraints import one_of
from comparisons.models.publishing import WebAddressField, web_addresses
from comparisons.models.sources import Source
from comparisons.public import public_models
from comparisons.querysets.evidence import LinkQuerySet

# An address is due once it was not asked for so many days.
CHECK_DAYS = 7
# The page was not there, or nobody could tell.
FAILURES = (LinkState.GONE, LinkState.ERROR)


def followed():
    """Return (model, name of the field) of each address that readers are led to.

    Archived copies are not followed: archives answer slowly, and keeping pages is
    what they are for.
    """
    return [
        (model, field.name)
        for model in public_models()
        for field in model._meta.concrete_fields
        if isinstance(field, WebAddressField) and field.name != "archive_url"
    ]


class Link(models.Model):
    """What checking one address has shown, whoever has that address.

    It belongs to the address and not to a source, so that a page which many
    rows name is asked once, and a corrected address has no past.
    """

    url = WebAddressField("address", unique=True)
    state = models.CharField(
        max_length=10, choices=LinkState, default=LinkState.UNCHECKED
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField("what went wrong", max_length=200, blank=True)
    moved_to_url = WebAddressField("new address")
    missing_since = models.DateField(
        null=True,
        blank=True,
        help_text="The first day on which its host said that it is not there.",
    )
    failures = models.PositiveIntegerField("failures in a row", default=0)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["url"]
        constraints = [
            one_of("state", LinkState),
            models.CheckConstraint(
                condition=(models.Q(state=LinkState.MOVED) & ~models.Q(moved_to_url=""))
                | (~models.Q(state=LinkState.MOVED) & models.Q(moved_to_url="")),
                name="comparisons_link_moved_says_where",
                violation_error_message="What has moved has a new address.",
            ),
            *web_addresses("url", "moved_to_url"),
        ]

    def __str__(self):
        return self.url

    @classmethod
    def gather(cls):
        """Have one row for each address that is in use, and no other."""
        used = {
            url
            for model, field in followed()
            for url in model.objects.exclude(**{field: ""})
            .order_by()
            .values_list(field, flat=True)
        }
        with transaction.atomic():
            stored = dict(cls.objects.values_list("url", "pk"))
            cls.objects.bulk_create(
                [cls(url=url) for url in sorted(used - stored.keys())],
                ignore_conflicts=True,
            )
            unused = [pk for url, pk in stored.items() if url not in used]
            cls.objects.filter(pk__in=unused).delete()

    def record(self, answer, *, at):
        """Store ``answer``; return the new state, or None if another run was faster.

        ``answer`` is a ``links.Answer`` that was given at the time ``at``. An
        address is gone once its host has said so on two days, without being
        there in between.
        """
        state, error = answer.state, answer.error
        missing_since = self.missing_since
        if state == LinkState.GONE:
            missing_since = missing_since or at.date()
            if missing_since == at.date():
                state = LinkState.ERROR
                error = (
                    f"Answered {answer.status} for the first time. It counts as "
                    "gone if it does so again on another day."
                )
        elif state in (LinkState.OK, LinkState.MOVED):
            missing_since = None
        elif self.state == LinkState.GONE and state == LinkState.ERROR:
            # A host that fails as well does not bring a page back.
            state = LinkState.GONE
        unchanged = Link.objects.filter(pk=self.pk, checked_at=self.checked_at)
        stored = unchanged.update(
            state=state,
            checked_at=at,
            status_code=answer.status,
            error=error,
            moved_to_url=answer.moved_to,
            missing_since=missing_since,
            failures=self.failures + 1 if state in FAILURES else 0,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
        return state if stored else None

    def holders(self):
        """Return (row, name of the field) for all that has this address."""
        return [
            (row, field)
            for model, field in followed()
            for row in model.objects.filter(**{field: self.url})
        ]

    def replace(self, *, on):
        """Give all that has this address the one it moved to; return those rows.

        A source notes the address that it had until the day ``on``. If another
        source has the new one, it stays as it is: the two are to be merged.
        """
        changed = []
        taken = Source.objects.at(self.moved_to_url)
        with transaction.atomic():
            for model, field in followed():
                rows = model.objects.select_for_update().filter(**{field: self.url})
                for row in rows:
                    if model is Source and taken.exclude(pk=row.pk).exists():
                        continue
                    setattr(row, field, self.moved_to_url)
                    if isinstance(row, Source):
                        former = f"Until {on:%-d %B %Y} its address was {self.url}."
                        row.note = f"{row.note}\n\n{former}".strip()
                    row.save()
                    changed.append(row)
        return changed

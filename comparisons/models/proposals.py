from django.apps import apps
from django.conf import settings
from django.db import models
from django.http import QueryDict

from comparisons.choices import ProposalState
from comparisons.models.constraints import one_of
from comparisons.models.decisions import Decidable
from comparisons.models.history import LONGEST_NAME, account_name
from comparisons.models.text import PlainCharField
from comparisons.querysets.editors import UNDECIDED, ProposalQuerySet


class Proposal(Decidable):
    """A change of a stored row that was not applied, until somebody else decides.

    It holds what was sent of the form of that row, so whatever the form can change
    can be proposed: fields, the passages of a statement, a source that nobody has
    cited before. To accept it is to send that form again, see
    ``comparisons.admin.bases.intents``. It is never public.

    A ``Suggestion`` is another thing: words of a reader without an account about one
    of five kinds of row, answered once by mail and never mended. Of a table for both
    every row would leave half the columns empty. They are decided on pages of one
    shape, by the same right.
    """

    model_label = models.CharField(max_length=60, editable=False)
    object_pk = models.PositiveBigIntegerField(editable=False)
    name = PlainCharField("about", max_length=LONGEST_NAME, editable=False)
    in_matrix = models.BooleanField(
        default=False,
        editable=False,
        help_text="Made in the matrix, whose form has other fields than the row's own.",
    )
    posted = models.JSONField(
        editable=False,
        help_text="What the form sent, {field: values}; in “seen”, what it had shown.",
    )
    changes = models.JSONField(
        editable=False, help_text="Each field as it was seen, and as it shall be."
    )
    digest = models.CharField(
        max_length=64, editable=False, help_text="Of what was sent."
    )
    reason = PlainCharField(max_length=300, help_text="Why, for who decides.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
    )
    sent_at = models.DateTimeField("sent")
    state = models.CharField(
        max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )

    objects = ProposalQuerySet.as_manager()

    class Meta(Decidable.Meta):
        indexes = [
            models.Index(
                fields=["model_label", "object_pk"], name="comparisons_proposal_about"
            )
        ]
        constraints = [
            *Decidable.Meta.constraints,
            models.UniqueConstraint(
                fields=["author", "model_label", "object_pk", "digest"],
                condition=models.Q(state__in=UNDECIDED),
                name="comparisons_proposal_sent_once",
                violation_error_message="You have proposed the same already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="comparisons_proposal_says_why",
                violation_error_message="A proposal says why.",
            ),
            one_of("state", ProposalState),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=[ProposalState.RETURNED, ProposalState.DECLINED],
                    answer="",
                ),
                name="comparisons_proposal_answer_has_a_reason",
                violation_error_message="Say why it is sent back or declined.",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state=ProposalState.ACCEPTED, decided_by=models.F("author")
                ),
                name="comparisons_proposal_not_accepted_by_its_author",
                violation_error_message="Nobody accepts what they proposed.",
            ),
        ]

    def __str__(self):
        return f"Proposal {self.pk}"

    @property
    def is_undecided(self):
        """Whether its author may still mend or withdraw it."""
        return self.state in UNDECIDED

    @property
    def deletes(self):
        """Whether the row shall go: what was sent is the page that confirms it."""
        return "post" in self.posted

    @property
    def model(self):
        """The model of the row that it is about."""
        return apps.get_model(self.model_label)

    @property
    def author_name(self):
        """Who proposes it, as editors are told."""
        return account_name(self.author, "somebody")

    def form_data(self):
        """Return what the form sent, as a form takes it."""
        data = QueryDict(mutable=True)
        for name, values in self.posted.items():
            data.setlist(name, values)
        return data

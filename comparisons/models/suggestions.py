from django.db import models

from comparisons.choices import Level, SuggestionState
from comparisons.models.alternatives import alternative, chosen, exactly_one, models_of
from comparisons.models.constraints import one_of
from comparisons.models.decisions import Decidable
from comparisons.models.features import refuse_other_levels
from comparisons.models.publishing import WebAddressField, web_addresses
from comparisons.models.text import PlainCharField, PlainTextField
from comparisons.querysets.editors import SuggestionQuerySet

# What a suggestion can be about, as field names of Suggestion.
TARGETS = ["finding", "pro_con", "fact", "adopter", "source"]


class Suggestion(Decidable):
    """What a reader without an account says is wrong, until an editor decides.

    It is never public. If it is accepted, the change set that it led to is, with
    the reader's name where one was left.
    """

    finding = alternative("Finding", "suggestions")
    pro_con = alternative("ProCon", "suggestions", verbose_name="pro or con")
    fact = alternative("Fact", "suggestions")
    adopter = alternative("Adopter", "suggestions")
    source = alternative("Source", "suggestions")
    problem = PlainTextField("what is wrong?", max_length=2000)
    proposed_level = models.CharField(
        "which level would be right?", max_length=12, choices=Level, blank=True
    )
    proposed_text = PlainTextField(
        "what should it say instead?", max_length=2000, blank=True
    )
    evidence_url = WebAddressField(
        "a page that shows it", help_text="Its address, beginning with https://."
    )
    evidence_locator = PlainCharField(
        "where on that page?",
        max_length=200,
        blank=True,
        help_text="A heading, a section or a page number.",
    )
    credit = PlainCharField(
        "your name, to be credited by",
        max_length=120,
        blank=True,
        help_text="Shown in the public list of changes if your suggestion is "
        "accepted. Leave it empty to stay unnamed.",
    )
    contact = models.EmailField(
        "your e-mail address",
        blank=True,
        help_text="Only for one message that tells you what was decided. It is "
        "deleted once that is sent, and shown to nobody but the editors.",
    )
    stamp = models.CharField(
        max_length=64,
        editable=False,
        help_text="Of the target as the reader saw it: see comparisons.stamps.",
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.OPEN
    )
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When the answer was sent."
    )
    mail_error = models.CharField(
        max_length=200, blank=True, help_text="Why the answer could not be sent."
    )

    objects = SuggestionQuerySet.as_manager()
    targets = TARGETS

    class Meta(Decidable.Meta):
        permissions = [("decide_suggestion", "Can decide suggestions and proposals")]
        constraints = [
            *Decidable.Meta.constraints,
            exactly_one(
                TARGETS,
                "comparisons_suggestion_has_one_target",
                (
                    "A suggestion is about exactly one thing: a finding, a pro or "
                    "con, a fact, an adopter or a source."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(problem=""),
                name="comparisons_suggestion_says_what_is_wrong",
                violation_error_message="A suggestion says what is wrong.",
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_level="")
                | models.Q(proposed_level__in=Level.values, finding__isnull=False),
                name="comparisons_suggestion_level_is_of_a_finding",
                violation_error_message="A level can be proposed for a finding only.",
            ),
            one_of("state", SuggestionState),
            models.CheckConstraint(
                condition=~models.Q(state=SuggestionState.REJECTED, answer=""),
                name="comparisons_suggestion_rejection_has_a_reason",
                violation_error_message="Say why it is rejected.",
            ),
            *web_addresses("evidence_url"),
        ]

    def __str__(self):
        return f"Suggestion {self.pk}"

    def clean(self):
        """Explain a level that answers another kind of question."""
        super().clean()
        if self.finding:
            refuse_other_levels(
                self.finding.feature, proposed_level=self.proposed_level
            )

    @staticmethod
    def field_for(model):
        """Return the name of the field that holds a target of the class ``model``."""
        targets = models_of(Suggestion, TARGETS)
        return next(name for name in TARGETS if targets[name] is model)

    @property
    def target_field(self):
        """The name of the field that leads to what it is about."""
        return chosen(self, TARGETS)

    @property
    def target(self):
        """The one row that it is about."""
        return getattr(self, self.target_field)

    @property
    def proposed(self):
        """The proposed level as an enum member, or None."""
        return Level(self.proposed_level) if self.proposed_level else None

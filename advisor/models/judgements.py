from django.db import models

from advisor.choices import WasRight
from comparisons.models.constraints import one_of


class JudgedAdvice(models.Model):
    """The key of advice of which somebody has said whether it was right.

    So it is counted once. The row goes with the advice (see ``advisor.triggers``).
    """

    id = models.UUIDField(primary_key=True, editable=False)

    class Meta:
        verbose_name_plural = "judged advice"

    def __str__(self):
        return str(self.pk)


class Judgement(models.Model):
    """How often results of one kind were called right in a month.

    They are told apart by the framework that came first and by how sure that was.
    Nothing leads from here to a result, or to whoever judged it.
    """

    month = models.DateField(help_text="Its first day.")
    framework = models.SlugField()
    certainty = models.SlugField(max_length=12, blank=True)
    answer = models.CharField(max_length=6, choices=WasRight)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-month", "framework", "certainty", "answer"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "framework", "certainty", "answer"],
                name="advisor_judgement_counted_in_one_row",
                violation_error_message="These are counted in another row.",
            ),
            one_of("answer", WasRight),
        ]

    def __str__(self):
        return f"{self.framework}, {self.month:%Y-%m}: {self.answer}"

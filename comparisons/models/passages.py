from django.db import models

from comparisons.choices import PassageState
from comparisons.models.constraints import one_of
from comparisons.models.sources import Citation
from comparisons.querysets.evidence import PassageCheckQuerySet


class PassageCheck(models.Model):
    """What looking for the passage of one citation in a release has shown.

    ``before`` and ``after`` are the text of its section, as it was read and as it
    is now; they are kept while an editor has to compare them.
    """

    citation = models.OneToOneField(
        Citation, on_delete=models.CASCADE, related_name="passage_check"
    )
    state = models.CharField(max_length=10, choices=PassageState)
    release = models.CharField("looked for in", max_length=100)
    checked_date = models.DateField("checked on")
    fingerprint = models.CharField(max_length=16, blank=True)
    fragment = models.CharField("where it stands now", max_length=200, blank=True)
    missing = models.CharField("marks that are gone", max_length=200, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    objects = PassageCheckQuerySet.as_manager()

    class Meta:
        ordering = ["citation__key"]
        constraints = [one_of("state", PassageState)]

    def __str__(self):
        return f"{self.citation} in {self.release}"

    def accept(self, *, on):
        """Have the citation lead to the section as it is now, read ``on`` that day."""
        citation = self.citation
        citation.fragment = self.fragment
        citation.release = self.release
        citation.accessed_date = citation.found_date = on
        citation.fingerprint = self.fingerprint
        citation.save()
        self.state = PassageState.FOUND
        self.before = self.after = ""
        self.save()

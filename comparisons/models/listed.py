from django.db import models

IN_PLACE = (models.F("place").asc(nulls_last=True), "pk")


class Listed(models.Model):
    """One of several rows of the same parent that keep the order of their file.

    Readers see them in it. What an editor adds has no place yet and comes last.
    """

    place = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

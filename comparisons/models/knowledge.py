from datetime import date

from django.db import connection, models


class KnowledgeVersion(models.Model):
    """The one number that rises with every published change.

    Database triggers raise it in the transaction of the change (see
    ``comparisons.triggers``), so an ETag made of it is never stale.
    """

    number = models.PositiveBigIntegerField(default=1)
    # Drawn anew with each number. A database that comes back from a copy counts
    # the same numbers again, for something else.
    stamp = models.FloatField(default=0.0)
    raised_on = models.DateField(default=date.today)

    class Meta:
        # Rights to the knowledge as a whole, which no table of its own holds.
        permissions = [
            ("preview_knowledge", "Can see drafts on the public pages"),
            ("publish_knowledge", "Can publish, and change what is published"),
            ("publish_own_knowledge", "Can publish what the same account wrote"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="comparisons_knowledgeversion_is_one_row",
                violation_error_message="There is one knowledge version only.",
            )
        ]

    def __str__(self):
        return str(self.number)

    @classmethod
    def read(cls):
        """Return (number, stamp, the day it was raised on), for each page anew.

        By hand, because the mapper takes ten times as long.
        """
        table = cls._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT number, stamp, raised_on FROM {table}")
            return cursor.fetchone() or (0, 0.0, date(2000, 1, 1))

    @classmethod
    def current(cls):
        """Return the number; 0 if nothing was ever stored."""
        return cls.read()[0]


class LoadedRecord(models.Model):
    """What a record of ``fixtures/`` looked like when it was last loaded.

    A record whose present form has another digest was changed by an editor,
    and no later load touches it.
    """

    label = models.CharField(max_length=300, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["label"]

    def __str__(self):
        return self.label

"""Django's SQLite, whose migrations keep the triggers.

To change a table Django makes another one, copies the rows and drops the first, with
its triggers. Here they step aside for a migration and are back before it commits.
"""

from django.db.backends.sqlite3 import base, schema

from comparisons.installing import step_aside, step_back


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Changes tables within one transaction, in which alone there are no triggers."""

    def __enter__(self):
        super().__enter__()
        # A migration that commits by itself would open a gap.
        self._aside = step_aside(self.connection) if self.atomic_migration else {}
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        if exc_type is None and self._aside:
            step_back(self.connection, self._aside)
        super().__exit__(exc_type, exc_value, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

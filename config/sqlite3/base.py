"""Django's SQLite, whose migrations keep the triggers, and which knows É from é.

To change a table Django makes another one, copies the rows and drops the first, with
its triggers. Here they step aside for a migration and are back before it commits.
"""

from django.db.backends.sqlite3 import base, operations, schema

from comparisons.installing import step_aside, step_back

# What searches of the desk ask.
FOLDED = ("icontains", "iexact")


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


class DatabaseOperations(operations.DatabaseOperations):
    """Compares texts without case, where SQLite does so for ASCII alone."""

    def lookup_cast(self, lookup_type, internal_type=None):
        cast = super().lookup_cast(lookup_type, internal_type)
        return f"CASEFOLD({cast})" if lookup_type in FOLDED else cast


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations
    operators = base.DatabaseWrapper.operators | dict.fromkeys(
        FOLDED, "LIKE CASEFOLD(%s) ESCAPE '\\'"
    )

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.create_function("CASEFOLD", 1, _casefold, deterministic=True)
        return connection


def _casefold(value):
    return None if value is None else str(value).casefold()

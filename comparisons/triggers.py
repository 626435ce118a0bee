"""Promises that span tables, kept by the database itself.

A CHECK constraint sees one row. These triggers see the rest, whichever way a
change comes in (admin, import, shell, ``update()``, SQL):

- nothing that needs proof is published without a supporting citation, and what
  loses its last one goes back to draft in the same transaction;
- a level belongs to its feature's kind;
- stored advice never changes (declared by the advisor);
- the knowledge version rises with every change that a reader could see, and with no
  other: what readers see is asked of ``comparisons.public``.

On PostgreSQL, where transactions run side by side, those who write the knowledge
take turns from the first promise on that looks at other rows. Otherwise one could
judge a row by what another is just changing. ``comparisons.installing`` has the
database keep them.
"""

from dataclasses import dataclass
from functools import cache
from itertools import product

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models.expressions import RawSQL

from comparisons.choices import FeatureKind, Level, LinkState, Stance, Status
from comparisons.public import has_state, parents, public, public_models

PREFIX = "framewise_"
CITATION = "comparisons_citation"
VERSION = "comparisons_knowledgeversion"
RAISE_VERSION = (
    f"UPDATE {VERSION} "
    "SET number = number + 1, stamp = random(), raised_on = CURRENT_DATE"
)
# The condition under which readers may see a row that has a workflow state.
PUBLISHED = f"{{row}}.status = '{Status.PUBLISHED}'"
# The row is there before or after a change, as it was and as it is.
STANDING = [
    ("AFTER", "INSERT", ["NEW"]),
    ("BEFORE", "UPDATE", ["OLD"]),
    ("AFTER", "UPDATE", ["NEW"]),
    ("BEFORE", "DELETE", ["OLD"]),
]
# Both, where a row decides whether others are seen.
BEFORE_AND_AFTER = [
    (moment, change, rows)
    for moment, (change, rows) in product(
        ("BEFORE", "AFTER"),
        [("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])],
    )
]


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One statement that the database runs for each changed row.

    ``when`` is a condition on the row and ``where`` one that looks at others;
    ``action`` is a statement. All are in SQL that SQLite and PostgreSQL share.
    ``refusal`` replaces the action: the change fails with an IntegrityError of this
    text. ``event`` is BEFORE or AFTER and the change. ``in_turn``: whoever writes the
    knowledge waits here for the others.
    """

    name: str
    table: str
    event: str
    when: str = "1 = 1"
    where: str = "1 = 1"
    action: str = ""
    refusal: str = ""
    in_turn: bool = False

    @property
    def full_name(self):
        """The name in the database."""
        return f"{PREFIX}{self.name}"

    def sqlite(self):
        """Return the statement that makes it, as the database keeps it."""
        action = self.action or f"SELECT RAISE(ABORT, '{self.refusal}')"
        return (
            f"CREATE TRIGGER {self.full_name} {self.event} ON {self.table} "
            f"FOR EACH ROW WHEN ({self.when}) AND ({self.where}) BEGIN {action}; END"
        )

    def postgresql(self):
        """Return the body of its function, as the database keeps it."""
        action = self.action or (
            f"RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'check_violation'"
        )
        turn = f"PERFORM 1 FROM {VERSION} FOR NO KEY UPDATE; " if self.in_turn else ""
        row = "OLD" if "DELETE" in self.event else "NEW"
        return (
            f"/* {self.event} ON {self.table} */ BEGIN IF {self.when} THEN {turn}"
            f"IF {self.where} THEN {action}; END IF; END IF; RETURN {row}; END"
        )


def statement_triggers(table, citation_column, needs_support):
    """Return the triggers that keep published rows of ``table`` cited."""
    return [
        *(
            Trigger(
                name=f"{table}_{change.lower()}_is_cited",
                table=table,
                event=f"BEFORE {change}",
                when=f"NEW.status = '{Status.PUBLISHED}'",
                where=unsupported("NEW", citation_column, needs_support),
                refusal="Nothing is published without a supporting citation.",
                in_turn=True,
            )
            for change in ("INSERT", "UPDATE")
        ),
        *(
            Trigger(
                name=f"{table}_after_citation_{change.lower()}",
                table=CITATION,
                event=f"AFTER {change}",
                when=f"OLD.{citation_column} IS NOT NULL",
                action=f"UPDATE {table} SET status = '{Status.DRAFT}' "
                f"WHERE id = OLD.{citation_column} AND status = '{Status.PUBLISHED}' "
                f"AND {unsupported(table, citation_column, needs_support)}",
                in_turn=True,
            )
            for change in ("UPDATE", "DELETE")
        ),
    ]


def unsupported(row, citation_column, needs_support):
    """Return the condition that ``row`` claims something that no passage supports."""
    return (
        f"{needs_support.format(row=row)} AND NOT EXISTS (SELECT 1 FROM {CITATION} "
        f"WHERE {citation_column} = {row}.id AND stance = '{Stance.SUPPORTS}')"
    )


def level_triggers():
    """Return the triggers that keep levels within their feature's kind."""

    def belongs(column):
        return " OR ".join(
            f"(kind = '{kind}' AND {column} IN "
            f"({', '.join(repr(str(level)) for level in kind.levels)}))"
            for kind in FeatureKind
        )

    findings = "comparisons_finding"
    refusal = "A level belongs to the kind of its feature."
    checks = [
        *(
            (findings, f"NEW.{column}", "NEW.feature_id")
            for column in ("level", "at_least", "at_most")
        ),
        ("comparisons_threshold", "NEW.level", "NEW.feature_id"),
        (
            CITATION,
            "NEW.level",
            f"(SELECT feature_id FROM {findings} WHERE id = NEW.finding_id)",
        ),
    ]
    return [
        *(
            Trigger(
                name=f"{table}_{column.removeprefix('NEW.')}_{change.lower()}_of_kind",
                table=table,
                event=f"BEFORE {change}",
                when=f"{column} NOT IN ('', '{Level.UNKNOWN}')",
                where=f"EXISTS (SELECT 1 FROM comparisons_feature WHERE id = {feature} "
                f"AND NOT ({belongs(column)}))",
                refusal=refusal,
                in_turn=True,
            )
            for table, column, feature in checks
            for change in ("INSERT", "UPDATE")
        ),
        Trigger(
            name="comparisons_feature_kind_is_fixed",
            table="comparisons_feature",
            event="BEFORE UPDATE",
            when="NEW.kind <> OLD.kind",
            where=f"EXISTS (SELECT 1 FROM {findings} WHERE feature_id = OLD.id) "
            "OR EXISTS (SELECT 1 FROM comparisons_threshold WHERE feature_id = OLD.id)",
            refusal="A feature keeps its kind while it has findings or thresholds.",
            in_turn=True,
        ),
    ]


def raising(table, *, name="", when="1 = 1", where="1 = 1", at=STANDING):
    """Return the triggers that raise the version with a change of ``table``.

    ``when`` and ``where`` are the conditions, see ``Trigger``, on a ``{row}`` that
    readers see. ``name`` tells these from others of the table.
    """
    return [
        Trigger(
            name=f"{table}_{name}{moment}_{change}".lower(),
            table=table,
            event=f"{moment} {change}",
            when=_any(when, rows),
            where=_any(where, rows),
            action=RAISE_VERSION,
            in_turn=True,
        )
        for moment, change, rows in at
    ]


def _any(condition, rows):
    return " OR ".join(dict.fromkeys(condition.format(row=row) for row in rows))


# Functions of other apps that return theirs, given what is ``Seen``.
OTHERS = []


@cache
def all_triggers(using):
    """Return the triggers that the database ``using`` has to have."""
    seen = Seen(using)
    return [
        *level_triggers(),
        *(trigger for rule in statements() for trigger in statement_triggers(*rule)),
        *_version_triggers(seen),
        *(trigger for triggers in OTHERS for trigger in triggers(seen)),
    ]


def statements():
    """Return what has to be proved.

    Tuples of a table, the column by which citations point at it, and the condition
    that a ``{row}`` of it claims anything.
    """
    citation = apps.get_model("comparisons", "Citation")
    return [
        (
            key.related_model._meta.db_table,
            key.column,
            f"{{row}}.level <> '{Level.UNKNOWN}'"
            if hasattr(key.related_model, "level")
            else "1 = 1",
        )
        for key in citation._meta.concrete_fields
        if key.many_to_one and hasattr(key.related_model, "needs_support")
    ]


class Seen:
    """Conditions, in the SQL of one database, that readers see a row."""

    def __init__(self, using):
        self.using = using

    def public(self, model, key):
        """Return that readers see the row of ``model`` whose key is the SQL ``key``."""
        return self.exists(model._base_manager.filter(public(model)), pk=key)

    def exists(self, rows, **keys):
        """Return that one of ``rows`` has these values, given in SQL."""
        rows = rows.filter(**{name: RawSQL(sql, ()) for name, sql in keys.items()})
        compiler = rows.query.exists().get_compiler(self.using)
        sql, values = compiler.as_sql()
        return f"EXISTS ({sql % tuple(map(_literal, values))})"


def _literal(value):
    if isinstance(value, int):
        return str(value)
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def _version_triggers(seen):
    for model in public_models():
        yield from raising(
            model._meta.db_table,
            when=PUBLISHED if has_state(model) else "1 = 1",
            where=seen.public(model, "{row}.id"),
        )
        for relation in model._meta.local_many_to_many:
            if relation.remote_field.through._meta.auto_created:
                yield from _raising_with_links(relation, seen)
    Source, Link, ChangeSet, ChangedObject = (
        apps.get_model("comparisons", name)
        for name in ("Source", "Link", "ChangeSet", "ChangedObject")
    )
    # Pages say which sources are gone, and nothing else about links.
    yield from raising(
        Link._meta.db_table,
        when=f"{{row}}.state = '{LinkState.GONE}'",
        where=seen.exists(Source.objects.published(), url="{row}.url"),
    )
    # Changes are listed with their reason, under their editor's name.
    yield from raising(
        ChangedObject._meta.db_table,
        when="({row}.was_public OR {row}.is_public)",
        at=[each for each in STANDING if each[1] != "UPDATE"],
    )
    public_sets = ChangeSet.objects.public()
    yield from raising(
        ChangeSet._meta.db_table,
        # Noting the version of a set makes no other one.
        when="NEW.version = OLD.version",
        where=seen.exists(public_sets, pk="{row}.id"),
        at=[("AFTER", "UPDATE", ["NEW"])],
    )
    yield from raising(
        get_user_model()._meta.db_table,
        when="NEW.first_name <> OLD.first_name OR NEW.last_name <> OLD.last_name",
        where=seen.exists(public_sets, editor="NEW.id"),
        at=[("AFTER", "UPDATE", ["NEW"])],
    )


def _raising_with_links(relation, seen):
    """Return the triggers for the rows that hold a many-to-many ``relation``."""
    owner = seen.public(relation.model, f"{{row}}.{relation.m2m_column_name()}")
    target = seen.public(
        relation.related_model, f"{{row}}.{relation.m2m_reverse_name()}"
    )
    table = relation.remote_field.through._meta.db_table
    if relation.name in parents(relation.model):
        # Readers lose what is linked to something hidden, and get it back without.
        return raising(table, where=owner, at=BEFORE_AND_AFTER)
    return raising(table, where=f"{owner} AND {target}")


def explain(error):
    """Return which promise was broken, in the words that editors read."""
    if isinstance(error, ValidationError):
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        return " ".join(
            message if field == NON_FIELD_ERRORS else f"{field}: {message}"
            for field, messages in error.message_dict.items()
            for message in messages
        )
    if isinstance(error, IntegrityError):
        for model in apps.get_models():
            for constraint in model._meta.constraints:
                # SQLite names the columns of a unique key, and not the key.
                columns = ", ".join(
                    f"{model._meta.db_table}.{model._meta.get_field(name).column}"
                    for name in getattr(constraint, "fields", ())
                )
                if str(error).endswith(f": {columns}") or constraint.name in str(error):
                    return constraint.violation_error_message
    # PostgreSQL adds lines about where in its functions it happened.
    return str(error).partition("\n")[0]

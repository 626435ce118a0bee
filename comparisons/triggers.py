"""Promises that span tables, kept by the database itself.

A CHECK constraint sees one row. These triggers see the rest, whichever way a
change comes in (admin, import, shell, ``update()``, SQL):

- nothing that needs proof is published without a supporting citation, and what
  loses its last one goes back to draft in the same transaction;
- a level belongs to its feature's kind;
- stored advice never changes (declared by the advisor);
- the knowledge version rises with every change that a reader could see.

Django rebuilds tables on SQLite, which loses their triggers, so they are no
migration: they are dropped before and installed again after each ``migrate``.
"""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connections

from comparisons.choices import FeatureKind, Level, LinkState, Stance, Status

PREFIX = "framewise_"
CITATION = "comparisons_citation"
# The condition under which readers see a row that has a workflow state.
PUBLISHED = f"{{row}}.status = '{Status.PUBLISHED}'"
RAISE_VERSION = (
    "UPDATE comparisons_knowledgeversion "
    "SET number = number + 1, stamp = random(), raised_on = CURRENT_DATE"
)


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One statement that the database runs for each changed row.

    ``when`` is a condition and ``action`` a statement, both in SQL that SQLite
    and PostgreSQL share. ``refusal`` replaces the action: the change fails with
    an IntegrityError of this text. ``event`` is BEFORE or AFTER and the change.
    """

    name: str
    table: str
    event: str
    when: str = "1 = 1"
    action: str = ""
    refusal: str = ""

    def sqlite(self):
        action = self.action or f"SELECT RAISE(ABORT, '{self.refusal}')"
        return [
            f"CREATE TRIGGER {PREFIX}{self.name} {self.event} ON {self.table} "
            f"FOR EACH ROW WHEN {self.when} BEGIN {action}; END"
        ]

    def postgresql(self):
        # PostgreSQL allows no subquery in WHEN, so the condition moves inside.
        action = self.action or (
            f"RAISE EXCEPTION '{self.refusal}' USING ERRCODE = 'check_violation'"
        )
        row = "OLD" if "DELETE" in self.event else "NEW"
        return [
            f"CREATE FUNCTION {PREFIX}{self.name}() RETURNS trigger AS $$ BEGIN "
            f"IF {self.when} THEN {action}; END IF; RETURN {row}; "
            f"END $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {PREFIX}{self.name} {self.event} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {PREFIX}{self.name}()",
        ]


def statement_triggers(table, citation_column, *, needs_support="1 = 1"):
    """Return the triggers that keep published rows of ``table`` cited."""
    supported = (
        f"EXISTS (SELECT 1 FROM {CITATION} WHERE {citation_column} = %s.id "
        f"AND stance = '{Stance.SUPPORTS}')"
    )
    published = f"NEW.status = '{Status.PUBLISHED}'"
    unsupported = needs_support.format(row="NEW") + " AND NOT " + supported % "NEW"
    demote = (
        f"UPDATE {table} SET status = '{Status.DRAFT}' WHERE id = OLD.{citation_column}"
        f" AND status = '{Status.PUBLISHED}' AND {needs_support.format(row=table)}"
        f" AND NOT {supported % table}"
    )
    return [
        *(
            Trigger(
                name=f"{table}_{change.lower()}_is_cited",
                table=table,
                event=f"BEFORE {change}",
                when=f"{published} AND {unsupported}",
                refusal="Nothing is published without a supporting citation.",
            )
            for change in ("INSERT", "UPDATE")
        ),
        *(
            Trigger(
                name=f"{table}_after_citation_{change.lower()}",
                table=CITATION,
                event=f"AFTER {change}",
                when=f"OLD.{citation_column} IS NOT NULL",
                action=demote,
            )
            for change in ("UPDATE", "DELETE")
        ),
    ]


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
                when=f"{column} NOT IN ('', '{Level.UNKNOWN}') AND EXISTS ("
                f"SELECT 1 FROM comparisons_feature WHERE id = {feature} "
                f"AND NOT ({belongs(column)}))",
                refusal=refusal,
            )
            for table, column, feature in checks
            for change in ("INSERT", "UPDATE")
        ),
        Trigger(
            name="comparisons_feature_kind_is_fixed",
            table="comparisons_feature",
            event="BEFORE UPDATE",
            when="NEW.kind <> OLD.kind AND (EXISTS "
            f"(SELECT 1 FROM {findings} WHERE feature_id = OLD.id) "
            "OR EXISTS (SELECT 1 FROM comparisons_threshold "
            "WHERE feature_id = OLD.id))",
            refusal="A feature keeps its kind while it has findings or thresholds.",
        ),
    ]


def version_triggers(table, *, live="1 = 1"):
    """Return the triggers that raise the knowledge version with ``table``.

    ``live`` is the condition under which readers could see a ``{row}`` of it.
    """
    rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
    return [
        Trigger(
            name=f"{table}_{change.lower()}_version",
            table=table,
            event=f"AFTER {change}",
            when="(" + " OR ".join(live.format(row=row) for row in rows[change]) + ")",
            action=RAISE_VERSION,
        )
        for change in rows
    ]


# Tables of which readers see every row that hangs on something published.
ALWAYS_VISIBLE = [
    CITATION,
    "comparisons_alias",
    "comparisons_comparison_features",
    "comparisons_comparison_frameworks",
    "comparisons_disagreement_frameworks",
    "comparisons_extension",
    "comparisons_extension_features",
    "comparisons_extension_frameworks",
    "comparisons_featuregroup",
    "comparisons_finding_alternatives",
    "comparisons_position",
    "comparisons_position_citations",
    "comparisons_section",
    "comparisons_section_features",
    "comparisons_source",
    "comparisons_task",
    "comparisons_threshold",
    "comparisons_verdict",
    "comparisons_verdict_findings",
]
VISIBLE_WHEN_PUBLISHED = [
    "comparisons_adopter",
    "comparisons_codesample",
    "comparisons_comparison",
    "comparisons_disagreement",
    "comparisons_fact",
    "comparisons_feature",
    "comparisons_finding",
    "comparisons_framework",
    "comparisons_procon",
]

TRIGGERS = [
    *statement_triggers(
        "comparisons_finding",
        "finding_id",
        needs_support=f"{{row}}.level <> '{Level.UNKNOWN}'",
    ),
    *statement_triggers("comparisons_procon", "pro_con_id"),
    *statement_triggers("comparisons_fact", "fact_id"),
    *statement_triggers("comparisons_adopter", "adopter_id"),
    *level_triggers(),
    *(trigger for table in ALWAYS_VISIBLE for trigger in version_triggers(table)),
    *(
        trigger
        for table in VISIBLE_WHEN_PUBLISHED
        for trigger in version_triggers(table, live=PUBLISHED)
    ),
    # Pages say what is gone, and nothing else about links.
    *version_triggers("comparisons_link", live=f"{{row}}.state = '{LinkState.GONE}'"),
    # Changes are listed under their editor's name.
    Trigger(
        name="auth_user_name_version",
        table="auth_user",
        event="AFTER UPDATE",
        when="NEW.first_name <> OLD.first_name OR NEW.last_name <> OLD.last_name",
        action=RAISE_VERSION,
    ),
    Trigger(
        name="auth_user_delete_version",
        table="auth_user",
        event="AFTER DELETE",
        action=RAISE_VERSION,
    ),
]


def install(*, using="default", triggers=TRIGGERS, **kwargs):
    """Create ``triggers`` whose tables exist. Receives ``post_migrate``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    drop(using=using, triggers=triggers)
    with connection.cursor() as cursor:
        for trigger in triggers:
            if trigger.table in tables:
                for statement in getattr(trigger, connection.vendor)():
                    cursor.execute(statement)
        if "comparisons_knowledgeversion" in tables:
            cursor.execute(
                "INSERT INTO comparisons_knowledgeversion "
                "(id, number, stamp, raised_on) "
                "SELECT 1, 1, random(), CURRENT_DATE WHERE NOT EXISTS "
                "(SELECT 1 FROM comparisons_knowledgeversion)"
            )


def drop(*, using="default", triggers=TRIGGERS, **kwargs):
    """Drop ``triggers``, present or not. Receives ``pre_migrate``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in triggers:
            name = f"{PREFIX}{trigger.name}"
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            elif trigger.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {trigger.table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


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

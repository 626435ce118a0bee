"""What the database itself guards for the advisor."""

from comparisons.triggers import PUBLISHED, Trigger, version_triggers

# A question's condition is one level deep, seen from either question.
TOO_DEEP = """NEW.shown_if_id IS NOT NULL AND (
    EXISTS (
        SELECT 1 FROM advisor_choice
        JOIN advisor_question asked ON asked.id = advisor_choice.question_id
        WHERE advisor_choice.id = NEW.shown_if_id
        AND (asked.shown_if_id IS NOT NULL OR asked.id = NEW.id)
    ) OR EXISTS (
        SELECT 1 FROM advisor_question hanging
        JOIN advisor_choice ON advisor_choice.id = hanging.shown_if_id
        WHERE advisor_choice.question_id = NEW.id
    )
)"""

# Somebody answers, or answers anew, where all is said.
CLOSED = """EXISTS (
    SELECT 1 FROM advisor_advicegroup
    WHERE id = NEW.group_id AND closed_at IS NOT NULL
)"""

TRIGGERS = [
    *(
        Trigger(
            name=f"advisor_question_{change.lower()}_one_level_deep",
            table="advisor_question",
            event=f"BEFORE {change}",
            when=TOO_DEEP,
            refusal="A condition hangs on a question that asks everybody.",
        )
        for change in ("INSERT", "UPDATE")
    ),
    *(
        Trigger(
            name=f"{table}_is_immutable",
            table=table,
            event="BEFORE UPDATE",
            refusal="Stored advice never changes.",
        )
        for table in ("advisor_advice", "advisor_groupadvice")
    ),
    Trigger(
        name="advisor_advicegroup_stays_closed",
        table="advisor_advicegroup",
        event="BEFORE UPDATE",
        when="OLD.closed_at IS NOT NULL",
        refusal="A closed group never changes.",
    ),
    *(
        Trigger(
            name=f"advisor_groupmember_{change.lower()}_while_open",
            table="advisor_groupmember",
            event=f"BEFORE {change}",
            when=CLOSED,
            refusal="A closed group takes no answers.",
        )
        for change in ("INSERT", "UPDATE")
    ),
    *(
        Trigger(
            name=f"{table}_leaves_its_key",
            table=table,
            event="AFTER DELETE",
            action="INSERT INTO advisor_deletedadvice (id) SELECT OLD.id "
            "WHERE NOT EXISTS "
            "(SELECT 1 FROM advisor_deletedadvice WHERE id = OLD.id)",
        )
        for table in ("advisor_advice", "advisor_advicegroup", "advisor_groupadvice")
    ),
    *(
        trigger
        for table in (
            "advisor_theme",
            "advisor_question",
            "advisor_preset",
            "advisor_conflict",
            "advisor_kinship",
        )
        for trigger in version_triggers(table, live=PUBLISHED)
    ),
    *(
        trigger
        for table in (
            "advisor_share",
            "advisor_choice",
            "advisor_effect",
            "advisor_presetpoints",
            "advisor_preset_citations",
        )
        for trigger in version_triggers(table)
    ),
]

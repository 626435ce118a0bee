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
    Trigger(
        name="advisor_advice_is_immutable",
        table="advisor_advice",
        event="BEFORE UPDATE",
        refusal="Stored advice never changes.",
    ),
    Trigger(
        name="advisor_advice_leaves_its_key",
        table="advisor_advice",
        event="AFTER DELETE",
        action="INSERT INTO advisor_deletedadvice (id) SELECT OLD.id WHERE NOT EXISTS "
        "(SELECT 1 FROM advisor_deletedadvice WHERE id = OLD.id)",
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

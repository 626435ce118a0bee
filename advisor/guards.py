"""What the database itself guards for the advisor."""

from comparisons.triggers import PUBLISHED, Trigger, version_triggers

TRIGGERS = [
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
        for table in ("advisor_theme", "advisor_question")
        for trigger in version_triggers(table, live=PUBLISHED)
    ),
    *(
        trigger
        for table in ("advisor_share", "advisor_choice", "advisor_effect")
        for trigger in version_triggers(table)
    ),
]

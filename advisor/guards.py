"""What the database itself guards for the advisor."""

from comparisons.triggers import PUBLISHED, Trigger, version_triggers

TRIGGERS = [
    Trigger(
        name="advisor_advice_is_immutable",
        table="advisor_advice",
        event="BEFORE UPDATE",
        refusal="Stored advice never changes.",
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

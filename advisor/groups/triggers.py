"""What the database itself guards for groups."""

from advisor.triggers import leaves_its_key, never_changes
from comparisons.triggers import Trigger

# Somebody answers, or answers anew, where all is said.
CLOSED = """EXISTS (
    SELECT 1 FROM advisor_advicegroup
    WHERE id = NEW.group_id AND closed_at IS NOT NULL
)"""


def triggers(seen):
    """Return the triggers of groups."""
    return [
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
                where=CLOSED,
                refusal="A closed group takes no answers.",
            )
            for change in ("INSERT", "UPDATE")
        ),
        never_changes("advisor_groupadvice"),
        leaves_its_key("advisor_groupadvice"),
        leaves_its_key("advisor_advicegroup"),
    ]

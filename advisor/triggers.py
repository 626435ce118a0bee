"""What the database itself guards for the advisor."""

from django.apps import apps

from comparisons.triggers import Trigger, raising

# A question's condition is one level deep, seen from either question.
TOO_DEEP = """(
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


def never_changes(table):
    """Return the trigger that keeps the advice in ``table`` as it was given."""
    return Trigger(
        name=f"{table}_is_immutable",
        table=table,
        event="BEFORE UPDATE",
        refusal="Stored advice never changes.",
    )


def leaves_its_key(table):
    """Return the trigger that remembers that a row of ``table`` once was."""
    return Trigger(
        name=f"{table}_leaves_its_key",
        table=table,
        event="AFTER DELETE",
        action="INSERT INTO advisor_deletedadvice (id) SELECT OLD.id "
        "WHERE NOT EXISTS (SELECT 1 FROM advisor_deletedadvice WHERE id = OLD.id)",
    )


def triggers(seen):
    """Return the triggers of the questionnaire and of stored advice."""
    kinship = apps.get_model("advisor", "Kinship")
    return [
        *(
            Trigger(
                name=f"advisor_question_{change.lower()}_one_level_deep",
                table="advisor_question",
                event=f"BEFORE {change}",
                when="NEW.shown_if_id IS NOT NULL",
                where=TOO_DEEP,
                refusal="A condition hangs on a question that asks everybody.",
            )
            for change in ("INSERT", "UPDATE")
        ),
        never_changes("advisor_advice"),
        leaves_its_key("advisor_advice"),
        Trigger(
            name="advisor_advice_takes_its_mark",
            table="advisor_advice",
            event="AFTER DELETE",
            action="DELETE FROM advisor_judgedadvice WHERE id = OLD.id",
        ),
        # Readers meet the source of a kinship although no citation may lead there.
        *raising(
            "comparisons_source",
            name="of_kinship_",
            where=seen.exists(kinship.objects.published(), source="{row}.id"),
            at=[("AFTER", "UPDATE", ["NEW"])],
        ),
    ]

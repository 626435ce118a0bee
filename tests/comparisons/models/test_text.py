"""Texts are stored one way, whatever way they come in."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from comparisons.history.recording import change_set
from comparisons.models import ChangeSet, Finding, Source
from comparisons.models.text import PlainCharField, PlainTextField, refuse_unseen, tidy

# What programs write, and nobody types.
WRITTEN_BY_PROGRAMS = {
    ("changedobject", "model_label"),
    ("changedobject", "name"),
    ("citation", "fingerprint"),
    *(
        ("passagecheck", name)
        for name in ["release", "fingerprint", "fragment", "missing", "before", "after"]
    ),
    ("link", "error"),
    ("link", "etag"),
    ("link", "last_modified"),
    ("loadedrecord", "label"),
    ("loadedrecord", "digest"),
    # Restricted to what an address can hold.
    ("question", "slug"),
    ("source", "normal_url"),
    ("proposal", "model_label"),
    ("proposal", "digest"),
    ("suggestion", "stamp"),
    ("suggestion", "mail_error"),
    ("advice", "deletion_digest"),
    ("advicegroup", "owner_digest"),
    ("groupmember", "code_digest"),
    ("deletedadvice", "deletion_digest"),
}


def test_every_field_that_people_write_in_is_plain():
    for model in (
        *apps.get_app_config("comparisons").get_models(),
        *apps.get_app_config("advisor").get_models(),
    ):
        if hasattr(model, "history_id") or hasattr(model, "m2m_history_id"):
            continue
        for field in model._meta.get_fields():
            named = (model._meta.model_name, field.name)
            is_text = type(field) in (models.CharField, models.TextField)
            if is_text and not field.choices and named not in WRITTEN_BY_PROGRAMS:
                pytest.fail(f"{named} takes characters that nobody can see.")


@pytest.mark.parametrize(
    ("typed", "lines", "line"),
    [
        ("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree.", "One. Two. Three."),
        ("One.\vTwo.\u2028Three.", "One.\nTwo.\nThree.", "One. Two. Three."),
        ("caf\u0065\u0301", "café", "café"),
        ("Fla\u200bsk\ufeff hy\u00adphen", "Flask hyphen", "Flask hyphen"),
        ("a\u200db", "ab", "ab"),
        (
            "می\u200cخواهم 👩\u200d💻",
            "می\u200cخواهم 👩\u200d💻",
            "می\u200cخواهم 👩\u200d💻",
        ),
        ("\tindented", "\tindented", "\tindented"),
    ],
)
def test_text_is_stored_in_one_form(db, typed, lines, line):
    assert (tidy(typed), tidy(typed, lines=False)) == (lines, line)
    assert tidy(lines) == lines
    source = Source(slug="any", title=typed, interest=typed)
    for field in (Source._meta.get_field("title"), Source._meta.get_field("interest")):
        form_field = field.formfield()
        stored = line if field.name == "title" else lines
        assert form_field.clean(typed) == stored.strip()
        assert not form_field.has_changed(stored.strip(), typed.strip())
    source.save()
    source.refresh_from_db()
    assert (source.title, source.interest) == (line, lines)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("left\u202eright", "U+202E after “left”"),
        ("\u2066x", "U+2066 at the beginning"),
        ("a\x1bb", "U+001B"),
        ("a\x7fb", "U+007F"),
        ("a\x9fb", "U+009F"),
        ("a\u200fb", "U+200F"),
        ("a\ufffeb", "U+FFFE"),
        ("a\ue000b", "U+E000"),
        ("a\U000e0041b", "U+E0041"),
        ("a\x00b", "U+0000"),
    ],
)
def test_character_that_nobody_can_see_is_refused_by_name(text, character):
    with pytest.raises(
        ValidationError, match="not_plain_text|nobody can see"
    ) as refusal:
        refuse_unseen(text)

    assert character in refusal.value.messages[0]
    for field in (Finding._meta.get_field("note"), Source._meta.get_field("url")):
        with pytest.raises(ValidationError):
            field.clean(f"https://a.example/{text}", None)


@pytest.mark.parametrize("text", ["Zoë’s café", "1 000", "日本語", "𝒳 🦀", "a\nb"])
def test_what_can_be_seen_is_welcome(text):
    refuse_unseen(text)


def test_reason_of_a_change_is_plain_whatever_form_asked_for_it(knowledge):
    with change_set(reason="The page moved\vto another\u202e address\x1b"):
        knowledge.flask.tagline = "Another line."
        knowledge.flask.save()

    assert ChangeSet.objects.latest("pk").reason == "The page moved to another address"


def test_to_migrations_the_fields_are_those_of_django():
    assert PlainCharField(max_length=9).deconstruct()[1] == "django.db.models.CharField"
    assert PlainTextField().deconstruct()[1] == "django.db.models.TextField"

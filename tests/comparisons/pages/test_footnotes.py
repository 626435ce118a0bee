import pytest

from comparisons.choices import Status
from comparisons.pages.footnotes import Footnotes, first_sentence, paragraphs


def test_passage_that_readers_may_not_see_has_no_number(knowledge):
    knowledge.flask_orm.status = Status.DRAFT
    knowledge.flask_orm.save()

    footnotes = Footnotes.read(["[[nothing]] [[flask-orm-1]] [[django-orm-1]]"])

    assert footnotes.numbers == {"django-orm-1": 1}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One.", ("One.", "")),
        ("One? [[a]] Two. Three.", ("One? [[a]]", "Two. Three.")),
        ("One.[[a]][[b]] Two.", ("One.[[a]][[b]]", "Two.")),
        ("No end", ("No end", "")),
        ("Version 3.2 is out. So?", ("Version 3.2 is out.", "So?")),
        ("One.\n\nTwo.", ("One.", "Two.")),
    ],
)
def test_first_sentence_ends_where_another_may_begin(text, parts):
    assert first_sentence(text) == parts


def test_paragraphs_are_parted_by_empty_lines():
    assert paragraphs("One\nline.\n \n\nTwo.\n") == ["One\nline.", "Two."]

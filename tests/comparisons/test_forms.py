import pytest
from django import forms
from django.http import QueryDict

from comparisons.forms import CompareForm
from tests import factories as make


def compare(*slugs):
    data = QueryDict(mutable=True)
    data.setlist("frameworks", slugs)
    return CompareForm(data)


def code(form, field):
    [error] = form.errors.as_data()[field]
    return error.code


@pytest.mark.parametrize(
    ("count", "is_valid"), [(1, False), (2, True), (6, True), (7, False)]
)
def test_two_to_six_frameworks_can_be_compared(db, count, is_valid):
    form = compare(*(make.make_framework().slug for _ in range(count)))

    assert form.is_valid() is is_valid
    if not is_valid:
        assert code(form, "frameworks") == "wrong_number"
        assert f"you chose {count}" in str(form.errors)


@pytest.mark.parametrize(
    ("slugs", "expected"),
    [
        ([], "required"),
        (["flask", "flask"], "wrong_number"),
        (["flask", "nowhere"], "invalid_choice"),
        (["flask", "²"], "invalid_choice"),
    ],
)
def test_choice_that_cannot_be_compared_is_refused(knowledge, slugs, expected):
    assert code(compare(*slugs), "frameworks") == expected


def test_draft_cannot_be_compared(knowledge):
    make.make_framework(slug="secret", draft=True)

    form = compare("flask", "secret")

    assert code(form, "frameworks") == "invalid_choice"
    assert "Secret" not in str(form["frameworks"])


def test_help_text_is_no_markup():
    class AskedForm(forms.Form):
        name = forms.CharField(help_text="As in <b>the address</b>.")

    assert "As in &lt;b&gt;the address&lt;/b&gt;." in str(AskedForm())

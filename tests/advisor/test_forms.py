import pytest
from django import forms
from django.http import QueryDict

from advisor.choices import QuestionKind
from advisor.forms import AdvisorForm
from advisor.models import Question
from advisor.questionnaire import Questionnaire
from tests import factories as make


def form(data=None, **options):
    """Return the form for answers such as ``project=a&team_knows=b&team_knows=c``."""
    posted = None if data is None else QueryDict(data)
    return AdvisorForm(Questionnaire.current(), posted, **options)


def codes(invalid):
    return {
        field: [error.code for error in errors]
        for field, errors in invalid.errors.as_data().items()
    }


def test_form_has_one_field_per_published_question_in_their_order(knowledge):
    make.make_question(slug="draft", draft=True)

    assert list(form().fields) == [
        "project",
        "priority-learning",
        "priority-batteries",
        "must_haves",
        "team_knows",
        "candidates",
    ]


@pytest.mark.parametrize(
    ("field", "widget", "values"),
    [
        ("project", forms.Select, ["", "microservice"]),
        ("priority-learning", forms.RadioSelect, ["0", "1", "2", "4"]),
        ("must_haves", forms.CheckboxSelectMultiple, ["admin-interface"]),
        ("team_knows", forms.CheckboxSelectMultiple, ["django", "flask"]),
        ("candidates", forms.CheckboxSelectMultiple, ["django", "flask"]),
    ],
)
def test_kind_of_a_question_decides_how_it_is_asked(knowledge, field, widget, values):
    asked = form().fields[field]

    assert isinstance(asked.widget, widget)
    assert [value for value, _ in asked.choices] == values
    assert not asked.required


def test_question_lends_its_words(knowledge):
    question = make.make_question(
        slug="extra", text="What else?", help_text="Tick what applies."
    )
    make.make_choice(question=question, slug="sso", label="Login", help_text="by SSO")
    make.make_choice(question=question, slug="logs", label="Logs")

    field = form().fields["extra"]

    assert (field.label, field.help_text) == ("What else?", "Tick what applies.")
    assert field.choices == [("sso", "Login (by SSO)"), ("logs", "Logs")]


def test_help_text_shows_as_text(knowledge):
    Question.objects.update(help_text="Weigh <b>it</b> & decide.")

    for field in form().fields.values():
        assert field.help_text == "Weigh &lt;b&gt;it&lt;/b&gt; &amp; decide."


def test_priority_starts_at_the_first_choice(knowledge):
    assert form()["priority-learning"].value() == "0"


def test_named_answers_fill_the_form(knowledge):
    filled = form(initial={"project": "microservice", "team_knows": ["flask"]})

    assert filled["project"].value() == "microservice"
    assert filled["team_knows"].value() == ["flask"]


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        ("", {}),
        ("project=", {}),
        ("project=microservice", {"project": ["microservice"]}),
        ("project=microservice&project=microservice", {"project": ["microservice"]}),
        ("priority-learning=0", {"priority-learning": ["0"]}),
        ("team_knows=flask&team_knows=django", {"team_knows": ["django", "flask"]}),
        ("team_knows=flask&team_knows=flask", {"team_knows": ["flask"]}),
        ("nowhere=1", {}),
    ],
)
def test_answers_are_lists_of_values_by_question(knowledge, data, answers):
    posted = form(data)

    assert posted.is_valid()
    assert posted.answers == answers


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("project=flask", {"project": ["invalid_choice"]}),
        ("priority-learning=3", {"priority-learning": ["invalid_choice"]}),
        ("priority-learning=%C2%B2", {"priority-learning": ["invalid_choice"]}),
        ("priority-learning=1&priority-learning=4", {"priority-learning": ["doubled"]}),
        (
            "priority-learning=1&priority-learning=9",
            {"priority-learning": ["invalid_choice", "doubled"]},
        ),
        ("project=&project=microservice", {"project": ["doubled"]}),
        ("must_haves=orm", {"must_haves": ["invalid_choice"]}),
        ("candidates=flask&candidates=x", {"candidates": ["invalid_choice"]}),
        (
            "project=x&candidates=x",
            {"project": ["invalid_choice"], "candidates": ["invalid_choice"]},
        ),
    ],
)
def test_wrong_answer_is_refused_at_its_field(knowledge, data, expected):
    assert codes(form(data)) == expected


def test_message_names_the_answer_and_the_question(knowledge):
    Question.objects.filter(slug="project").update(text="What are you building?")

    [message] = form("project=a-spaceship").errors["project"]

    assert message == (
        "“a-spaceship” is not among the answers to “What are you building?”"
    )


@pytest.mark.parametrize(
    ("most", "ticked", "is_valid"),
    [(2, 2, True), (2, 3, False), (None, 3, True), (0, 1, False)],
)
def test_question_may_limit_its_answers(knowledge, most, ticked, is_valid):
    question = make.make_question(slug="needs", kind=QuestionKind.MUST_HAVES, most=most)
    offered = [make.make_choice(question=question).slug for _ in range(3)]

    posted = form("&".join(f"needs={slug}" for slug in offered[:ticked]))

    assert posted.is_valid() is is_valid
    if not is_valid:
        assert codes(posted) == {"needs": ["too_many"]}


def test_plain_dictionary_is_as_good_as_a_posted_form(knowledge):
    posted = AdvisorForm(
        Questionnaire.current(), {"project": "microservice", "team_knows": ["flask"]}
    )

    assert posted.is_valid()
    assert posted.answers == {"project": ["microservice"], "team_knows": ["flask"]}


def test_form_is_laid_out_in_steps(knowledge):
    legends = [step.legend for step in form().helper.layout if hasattr(step, "legend")]

    assert legends == [
        "Your project",
        "What matters to you",
        "Must-haves",
        "Your team and your candidates",
    ]


def test_step_without_a_question_is_left_out(knowledge):
    Question.objects.filter(slug="must_haves").delete()

    legends = [step.legend for step in form().helper.layout if hasattr(step, "legend")]

    assert "Must-haves" not in legends

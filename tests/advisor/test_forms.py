import pytest
from django import forms
from django.http import QueryDict

from advisor.choices import QuestionKind
from advisor.forms import AdvisorForm
from advisor.models import Advice, Question
from advisor.questionnaire.reading import Questionnaire
from comparisons.choices import Status
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


@pytest.mark.parametrize(
    ("field", "widget", "values"),
    [
        ("project", forms.Select, ["", "microservice"]),
        ("priority-learning", forms.RadioSelect, ["0", "1", "2", "4", ""]),
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
    assert field.choices == [("sso", "Login"), ("logs", "Logs")]
    [asked] = [
        asked
        for step in form().steps
        for asked in step.questions
        if asked.question == question
    ]
    assert [
        (note, [answer.choice_label for answer in answers])
        for note, answers in asked.groups
    ] == [("by SSO", ["Login"]), ("", ["Logs"])]


def test_help_text_shows_as_text(client, knowledge):
    Question.objects.update(help_text="Weigh <b>it</b> & decide.")

    content = client.get("/advisor/").content.decode()

    assert content.count("Weigh &lt;b&gt;it&lt;/b&gt; &amp; decide.") == 6


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        ("", {}),
        ("project=", {}),
        ("project=&project=microservice", {"project": ["microservice"]}),
        ("project=microservice", {"project": ["microservice"]}),
        ("project=microservice&project=microservice", {"project": ["microservice"]}),
        ("priority-learning=0", {"priority-learning": ["0"]}),
        ("team_knows=flask&team_knows=django", {"team_knows": ["django", "flask"]}),
        ("team_knows=flask&team_knows=flask", {"team_knows": ["flask"]}),
    ],
)
def test_answers_are_lists_of_values_by_question(knowledge, data, answers):
    posted = form(data)

    assert posted.is_valid()
    assert posted.answers == answers


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("priority-learning=1&priority-learning=4", {"priority-learning": ["doubled"]}),
        (
            "priority-learning=1&priority-learning=9",
            {"priority-learning": ["invalid_choice", "doubled"]},
        ),
        ("candidates=flask&candidates=x", {"candidates": ["invalid_choice"]}),
        (
            "project=x&candidates=x",
            {"project": ["invalid_choice"], "candidates": ["invalid_choice"]},
        ),
    ],
)
def test_wrong_answer_is_refused_at_its_field(knowledge, data, expected):
    assert codes(form(data)) == expected


def test_framework_is_known_by_its_former_slug(knowledge):
    make.make_alias(knowledge.flask, slug="carafe")

    posted = form("team_knows=carafe&candidates=carafe&candidates=django")

    assert posted.is_valid()
    assert posted.answers["team_knows"] == ["flask"]
    assert posted.answers["candidates"] == ["django", "flask"]


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
@pytest.mark.parametrize("slug", ["former", "present"])
def test_hidden_framework_is_named_by_no_other_slug_than_the_one_sent(
    knowledge, status, slug
):
    hidden = make.make_framework(slug="present", status=status)
    make.make_alias(hidden, slug="former")

    posted = form(f"candidates={slug}")

    [message] = posted.errors["candidates"]
    asked = posted.fields["candidates"].label
    assert message == f"“{slug}” is not among the answers to “{asked}”"


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


# Steps


def titles(shown):
    return [step.title for step in shown.steps]


def test_form_asks_in_steps_and_for_must_haves_last(knowledge):
    assert titles(form()) == [
        "Your project",
        "What matters to you",
        "Your team and your candidates",
        "Must-haves",
    ]


def test_every_step_leads_to_the_result(client, knowledge):
    content = client.get("/advisor/").content.decode()

    assert content.count("Show the ranking") == len(form().steps)
    # Steps that are hidden after they were drawn would move what is below them.
    assert 'blocking="render"' in content


# Presets


def test_address_with_a_preset_fills_in_its_points_and_marks_them(client, knowledge):
    response = client.get("/advisor/?team_knows=flask&preset=small-services")

    filled = response.context["form"]
    assert filled["priority-learning"].value() == "4"
    assert filled["priority-batteries"].value() == ""
    assert filled["team_knows"].value() == ["flask"]
    assert suggested(filled) == ["priority-learning"]


def test_points_that_the_address_names_are_not_filled_in_anew(client, knowledge):
    response = client.get("/advisor/?priority-learning=1&preset=small-services")

    filled = response.context["form"]
    assert filled["priority-learning"].value() == "1"
    assert suggested(filled) == []


def test_asking_for_a_suggestion_keeps_the_answers_and_stores_nothing(
    client, knowledge
):
    response = client.post(
        "/advisor/",
        {
            "priority-batteries": "2",
            "team_knows": ["flask", "django"],
            "must_haves": "not-offered",
            "suggest": "small-services",
        },
        follow=True,
    )

    filled = response.context["form"]
    assert filled.shown_answers == {
        "project": ["microservice"],
        "priority-learning": ["4"],
        "priority-batteries": ["2"],
        "team_knows": ["flask", "django"],
    }
    assert not Advice.objects.exists()


def test_preset_counts_only_once_it_is_sent(knowledge):
    posted = form("project=microservice&preset=small-services")

    assert posted.is_valid()
    assert posted.answers == {
        "project": ["microservice"],
        "preset": ["small-services"],
    }


@pytest.mark.parametrize("preset", ["", "gone", "%00", "a&preset=b"])
def test_preset_that_is_gone_is_no_mistake(client, knowledge, preset):
    posted = form(f"project=microservice&preset={preset}")

    assert posted.is_valid()
    assert posted.answers == {"project": ["microservice"]}
    assert client.post("/advisor/", {"suggest": preset}).status_code == 302


def suggested(filled):
    return [
        asked.field.name
        for step in filled.steps
        for asked in step.questions
        if asked.is_suggested
    ]


# Ties


@pytest.fixture
def four(knowledge):
    """Four themes to weigh, and the questions that order them."""
    themes = [knowledge.learning, knowledge.batteries]
    for slug in ("security", "growth"):
        theme = make.make_theme(slug=slug, shares={make.make_feature(): "1.0"})
        themes.append(theme)
        make.make_priority(theme, position=2)
    for place, slug in enumerate(("most", "second", "third"), start=1):
        make.make_tie_break(slug=slug, themes=themes, points=4 - place, position=2)
    return themes


ALL_DECISIVE = "&".join(
    f"priority-{theme}=4" for theme in ("learning", "batteries", "security", "growth")
)


def order_step(shown):
    [step] = [step for step in shown.steps if step.slug == "order"]
    return step


def test_order_is_asked_for_once_four_themes_share_the_top_step(four):
    three = ALL_DECISIVE.replace("growth=4", "growth=0")

    assert order_step(form(ALL_DECISIVE)).is_called_for
    assert not order_step(form(three)).is_called_for
    assert not order_step(form()).is_called_for


def test_theme_that_is_placed_twice_is_refused_at_its_second_place(four):
    posted = form(f"{ALL_DECISIVE}&most=growth&second=security&third=growth")

    assert codes(posted) == {"third": ["doubled_theme"]}
    assert order_step(posted).is_called_for


# Conditions and conflicts


def test_question_says_for_whom_it_is(client, knowledge):
    project = Question.objects.get(slug="project")
    make.make_choice(
        question=make.make_question(
            slug="cloud", text="Which cloud?", shown_if=project.choices.get()
        )
    )

    content = client.get("/advisor/").content.decode()

    assert "Only if you chose “Microservice”." in content
    assert 'data-when="project=microservice"' in content


@pytest.mark.parametrize(("batteries", "is_met"), [("4", True), ("2", False)])
def test_form_warns_of_answers_that_pull_against_each_other(
    knowledge, batteries, is_met
):
    shown = form(f"priority-learning=4&priority-batteries={batteries}")

    assert shown.is_valid()
    assert [conflict.is_met for conflict in shown.conflicts] == [is_met]


# Answers that are no longer asked for


@pytest.mark.parametrize("page", ["/advisor/", "/advisor/interview/"])
@pytest.mark.parametrize("status", [None, *Status])
def test_link_says_how_many_answers_are_left_out_and_not_why(
    client, knowledge, page, status
):
    if status:
        asked = make.make_question(slug="cloud", text="Secret plans?", status=status)
        make.make_choice(question=asked, slug="own")
    link = {"project": ["microservice", "gone"], "preset": "gone", "team_knows": ""}

    shown = client.get(page, link | {"cloud": "own"})

    if status == Status.PUBLISHED:
        assert "1 of your answers is no longer asked for" in shown.text
    else:
        assert "2 of your answers are no longer asked for" in shown.text
        assert "Secret plans?" not in shown.text
    for others in ({}, {"utm_source": "newsletter"}):
        asked = client.get(page, {"project": "microservice", **others})
        assert "no longer" not in asked.text


@pytest.mark.parametrize("is_draft", [True, False])
def test_form_that_was_sent_with_more_comes_back_once_without_it(
    client, knowledge, is_draft
):
    if is_draft:
        make.make_question(slug="cloud", text="Secret plans?", draft=True)

    response = client.post("/advisor/", {"project": "microservice", "cloud": "own"})

    assert codes(response.context["form"]) == {"__all__": ["unasked"]}
    assert "1 of your answers is no longer asked for, and left out." in response.text
    assert "cloud" not in response.text
    assert not Advice.objects.exists()
    again = response.context["form"].shown_answers
    assert client.post("/advisor/", again | {"cloud": ""}).status_code == 302


def test_member_is_told_that_a_question_was_withdrawn(client, knowledge):
    group = client.post("/advisor/groups/").url.partition("owner")[0]
    member = client.post(group, {"member-name": "Ada", "priority-learning": "4"}).url
    Question.objects.filter(slug="priority-learning").update(status=Status.RETIRED)

    page = client.get(f"{member.partition('#')[0]}answers/")

    assert "1 of your answers is no longer asked for" in page.text

from urllib.parse import parse_qs

import pytest

from advisor.models import Advice
from advisor.questionnaire.interview import interview
from advisor.questionnaire.reading import Questionnaire
from tests import factories as make
from tests.pages import read

PAGE = "/advisor/interview/"


def ask(said, again=""):
    return interview(Questionnaire.current(), said, again)


def asked(found):
    return found.question and found.question.slug


def test_project_is_asked_first_and_then_what_settles_most(knowledge):
    assert asked(ask({})) == "project"
    found = ask({"project": [""], "priority-batteries": ["1"]})

    assert asked(found) == f"priority-{found.settled.next_theme}"
    assert not found.is_settled


def test_what_was_skipped_is_not_asked_again(knowledge):
    said = {"project": [""], "priority-batteries": ["1"]}
    assert asked(ask(said)) == "priority-learning"

    nothing_left = ask({**said, "priority-learning": [""]})

    assert (nothing_left.question, nothing_left.is_settled) == (None, False)


def test_who_says_nothing_is_asked_in_the_order_of_the_form(knowledge):
    found = ask({"project": [""], "priority-learning": [""]})

    assert asked(found) == "priority-batteries"
    assert found.settled is None
    assert found.answers == {}


def test_it_ends_once_other_answers_would_hardly_matter(knowledge):
    found = ask({"project": ["microservice"], "priority-learning": ["4"]})

    # Flask leads on both, whatever built-in parts are worth.
    assert (found.question, found.is_settled) == (None, True)


def test_question_is_asked_again_without_loss(knowledge):
    said = {"project": ["microservice"], "priority-learning": ["4"]}

    found = ask(said, again="project")

    assert (asked(found), found.place, found.back) == ("project", 1, None)
    assert found.said == said
    assert found.others == {"priority-learning": ["4"]}
    behind = ask(said, again="priority-learning")
    assert behind.back == {**said, "again": ["project"]}


def test_must_haves_of_a_link_count_and_are_kept(client, knowledge):
    page = read(client.get(PAGE, {"must_haves": "admin-interface", "project": ""}))

    assert page.has("input", type="hidden", name="must_haves", value="admin-interface")


def test_page_asks_and_keeps_what_was_said_in_its_address(client, knowledge):
    said = {"project": "", "priority-batteries": "1"}

    page = read(client.get(PAGE, said))

    assert "Question 3" in page.text
    assert page.has("form", action=PAGE, method="get")
    assert page.has("button", name="priority-learning", value="4")
    assert page.has("input", type="hidden", name="priority-batteries", value="1")
    queries = [parse_qs(link[1:], keep_blank_values=True) for link in page.links]
    kept = {name: [value] for name, value in said.items()}
    assert kept | {"priority-learning": [""]} in queries
    assert kept | {"again": ["priority-batteries"]} in queries


def test_it_ends_in_the_ordinary_post_at_any_time(client, knowledge):
    page = client.get(PAGE, {"project": "microservice", "priority-batteries": ""})
    assert read(page).has("form", action="/advisor/", method="post")

    response = client.post("/advisor/", page.context["interview"].answers)

    assert response.status_code == 302
    assert Advice.objects.get().answers == {"project": ["microservice"]}


@pytest.mark.parametrize("again", ["nowhere", "secret", "must_haves", ""])
def test_only_what_was_asked_is_asked_again(client, knowledge, again):
    make.make_question(slug="secret", draft=True)
    said = {"project": "nowhere", "secret": "1", "priority-batteries": "1"}

    response = client.get(PAGE, {**said, "again": again})

    found = response.context["interview"]
    assert asked(found) == "priority-learning"
    assert found.said == {"project": [""], "priority-batteries": ["1"]}

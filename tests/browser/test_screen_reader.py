"""The advisor as a screen reader is told of it, with page scripts and without."""

import pytest

from tests.browser.conftest import unfold
from tests.browser.test_groups import combine_three
from tests.browser.test_journeys import refuse, submit
from tests.browser.tree import Tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

STEPS = ["project", "priorities", "team", "must-haves"]
ANSWERS = "project=rest-api&priority-learning=4&team_knows=flask"


def test_every_control_of_the_form_has_a_role_a_name_and_its_question(
    any_browser, site
):
    questions = set()
    for step in STEPS:
        any_browser.get("about:blank")
        any_browser.get(f"{site}/advisor/#{step}")
        tree = Tree(any_browser)

        assert [node.role for node in tree.controls if not node.name] == []
        for role, css in (
            ("combobox", "select"),
            ("radio", "[type=radio]"),
            ("checkbox", "[type=checkbox]"),
            ("button", "button"),
        ):
            parts = displayed(any_browser, f"#advisor-form {css}")
            told = [node for node in tree.controls if node.role == role]
            # The button that sends a search form stands beside the form.
            others = displayed(any_browser, f"{css}:not(#advisor-form *)")
            assert len(told) == len(parts) + len(others), (step, role)
        answers = tree.of("radio", "checkbox")
        groups = {tree.group_of(answer) for answer in answers}
        legends = displayed(any_browser, "#advisor-form fieldset fieldset legend")
        assert groups == {spoken(legend) for legend in legends}
        questions |= groups

    assert "Easy to learn: how much would it change your choice?" in questions
    assert "What must be there, if only as a package?" in questions


def test_refused_form_is_told_first_and_names_its_question(any_browser, site):
    refuse(any_browser, site)

    tree = Tree(any_browser)
    summary = tree.focused
    assert summary.role == "alert"
    assert [node.name for node in tree.within(summary, "heading")] == [
        "Please look again at 1 question"
    ]
    assert [node.name for node in tree.within(summary, "link")] == [
        "What must be there, if only as a package?"
    ]
    invalid = [
        node for node in tree.controls if node.properties.get("invalid") == "true"
    ]
    assert {tree.group_of(node) for node in invalid} == {
        "What must be there, if only as a package?"
    }


def test_result_is_an_outline_with_words_for_its_pictures(any_browser, site):
    any_browser.get(f"{site}/advisor/?{ANSWERS}")
    submit(any_browser)

    assert_outline(Tree(any_browser), ["Ranking", "How sure is that?"])
    assert_words_for_pictures(any_browser)


def test_result_of_three_is_an_outline_with_words_for_its_pictures(any_browser, site):
    combine_three(any_browser, site)

    assert_outline(Tree(any_browser), ["Ranking", "Who wants what"])
    assert_words_for_pictures(any_browser)


def assert_outline(tree, sections):
    """See that headings start with the one of the page and skip no level."""
    headings = [(node.properties["level"], node.name) for node in tree.of("heading")]
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in zip(headings, headings[1:], strict=False):
        assert after[0] <= before[0] + 1, (before, after)
    assert [name for _, name in headings if not name] == []
    of_page = [name for level, name in headings if level == 2]
    assert [name for name in of_page if name in sections] == sections


def assert_words_for_pictures(browser):
    """See that each picture has a name, or is left out beside what it draws."""
    unfold(browser)
    tree = Tree(browser)
    told = tree.of("image", "img", "SvgRoot", "graphics-document")
    assert [node.role for node in told if not node.name] == []
    pictures = displayed(browser, "main svg")
    left_out = displayed(browser, "main svg[aria-hidden=true]")
    assert len(told) == len(pictures) - len(left_out)
    alone = [
        part.get_attribute("outerHTML")
        for part in left_out
        if not any(
            letter.isdigit()
            for letter in browser.execute_script(
                "return arguments[0].parentElement.textContent", part
            )
        )
    ]
    assert alone == []
    assert pictures


def displayed(browser, css):
    """Return what can be seen at ``css``; to ask for each part would take long."""
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].filter("
        "part => part.checkVisibility({visibilityProperty: true}))",
        css,
    )


def spoken(legend):
    """Return the words of ``legend`` on one line."""
    return " ".join(legend.text.split())

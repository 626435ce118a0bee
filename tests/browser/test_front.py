"""What the front of the desk brings, done in few steps: a click, a field, a choice."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from comparisons.choices import FeatureKind, Level, Status
from comparisons.editing.workflow import move
from comparisons.history.recording import change_set
from comparisons.models import Citation, Comparison, Feature, Finding
from comparisons.spreadsheets import files
from tests import factories as make
from tests.browser.conftest import (
    copy,
    find,
    in_the_middle,
    press,
    press_together,
    wait_for,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


class Hand:
    """An editor at the front of the desk, whose steps are counted."""

    def __init__(self, browser, site):
        self.browser = browser
        self.steps = 0
        browser.get(f"{site}/admin/")

    def click(self, css):
        self.steps += 1
        in_the_middle(self.browser, wait_for(self.browser, css)).click()

    def fill_in(self, name, text):
        self.click(f"[name={name}]")
        press(self.browser, text)

    def choose(self, name, value):
        self.steps += 1
        Select(wait_for(self.browser, f"[name={name}]")).select_by_value(value)

    def pick(self, name, text):
        """Choose what is called ``text`` in a list that completes what is typed."""
        self.steps += 1
        field = f"//*[@name='{name}']/following-sibling::span"
        place = self.browser.find_element(By.XPATH, field)
        in_the_middle(self.browser, place).click()
        press(self.browser, text)
        option = ".select2-results__option--highlighted"
        wait_until(self.browser, lambda: text in wait_for(self.browser, option).text)
        press(self.browser, Keys.ENTER)

    def put_in(self, name, path):
        self.steps += 1
        find(self.browser, f"[name={name}]").send_keys(str(path))

    def press(self, key):
        self.steps += 1
        press(self.browser, key)

    def press_together(self, held, key):
        self.steps += 1
        press_together(self.browser, held, key)

    def paste(self, name):
        """Paste into a field what was copied."""
        self.click(f"[name={name}]")
        self.steps -= 1
        self.press_together(Keys.CONTROL, "v")


def test_wrong_level_is_corrected_with_its_source_in_nine_steps(browser, site, sign_in):
    finding = Finding.objects.get(framework__slug="bottle", feature__slug="routing")
    source = finding.citations.first().source
    Finding.objects.filter(pk=finding.pk).update(level=Level.MANUAL, extension=None)
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("[href='/admin/comparisons/matrix/framework/bottle/']")
    hand.click("#routing a")
    hand.click(f"[name=level][value={Level.BUILT_IN}]")
    hand.fill_in("new-address", source.url)
    hand.fill_in("new-locator", "Routing")
    hand.fill_in("new-says", "Routes are built in.")
    hand.fill_in("change_reason", "It is built in")
    hand.press(Keys.ENTER)

    wait_for(browser, ".matrix-open:not(#routing)")
    finding.refresh_from_db()
    assert finding.level == Level.BUILT_IN
    assert hand.steps <= 9


def test_draft_of_somebody_else_is_published_in_three_steps(
    browser, site, sign_in, django_user_model
):
    grace = django_user_model.objects.get(username="Grace")
    finding = Finding.objects.get(framework__slug="flask", feature__slug="routing")
    with change_set(editor=grace):
        finding.status = Status.DRAFT
        finding.save()
    move(finding, Status.IN_REVIEW, grace, reason="Please look")
    sign_in(browser)
    hand = Hand(browser, site)
    assert "Grace" in find(browser, "[aria-labelledby=in-review]").text

    hand.click("[aria-labelledby=in-review] .desk-list a")
    hand.choose("status", Status.PUBLISHED)
    hand.click(".matrix-open [type=submit]")

    wait_until(browser, lambda: "Saved" in find(browser, "main").text)
    finding.refresh_from_db()
    assert finding.is_published
    assert hand.steps <= 3


@pytest.mark.parametrize("address", ["pasted", "the same"])
def test_framework_with_three_cited_findings_in_twenty_steps(
    browser, site, sign_in, address
):
    source = Finding.objects.first().citations.first().source
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("a.addlink[href='/admin/comparisons/framework/add/']")
    hand.fill_in("name", "Waltz")
    hand.choose("kind", "micro")
    hand.fill_in("tagline", "Three steps to an answer.")
    hand.click("[name=_rate]")
    for number in range(3):
        level = wait_for(browser, ".matrix-open [type=radio]").get_attribute("value")
        slug = find(browser, ".matrix-open").get_attribute("id")
        hand.click(f"#{slug} [name=level][value={level}]")
        if number == 0 or address == "pasted":
            hand.fill_in("new-address", source.url)
            hand.fill_in("new-locator", "Steps")
        hand.fill_in("new-says", "It is there.")
        hand.click(f"#{slug} [name=_next]")
        wait_for(browser, f".matrix-open:not(#{slug})")

    findings = Finding.objects.filter(framework__slug="waltz")
    assert [finding.citations.get().source for finding in findings] == [source] * 3
    assert hand.steps <= 20


def test_feature_with_twelve_cited_ratings_in_forty_five_steps(browser, site, sign_in):
    source = Finding.objects.first().citations.first().source
    lines = [f"Threshold {number}." for number in range(5)]
    copy(browser, site, "\n".join(lines))
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("a.addlink[href='/admin/comparisons/feature/add/']")
    hand.fill_in("name", "Waltzing")
    hand.pick("group", "Data")
    hand.choose("kind", "capability")
    hand.fill_in("definition", "It turns in three steps.")
    hand.paste("thresholds-0-text")
    hand.click("[name=_rate]")
    for number in range(12):
        slug = wait_for(browser, ".matrix-open").get_attribute("id")
        hand.click(f"#{slug} [name=level][value=built_in]")
        if number == 0:
            hand.fill_in("new-address", source.url)
            hand.fill_in("new-locator", "Table 2")
        hand.fill_in("new-says", f"{slug} waltzes.")
        hand.press_together(Keys.CONTROL, Keys.ENTER)
        wait_for(browser, f"#{slug}:not(.matrix-open)")

    feature = Feature.objects.get(slug="waltzing")
    thresholds = [(each.level, each.text) for each in feature.thresholds.all()]
    assert thresholds == [*zip(feature.feature_kind.levels, lines, strict=True)]
    passages = Citation.objects.filter(finding__feature=feature)
    assert passages.filter(finding__level=Level.BUILT_IN, source=source).count() == 12
    assert {passage.locator for passage in passages} == {"Table 2"}
    assert hand.steps <= 45


def test_comparison_of_three_in_twenty_five_steps(browser, site, sign_in):
    names = ["Bottle", "Falcon", "Sanic"]
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("a.addlink[href='/admin/comparisons/comparison/add/']")
    hand.fill_in("title", "Three small ones")
    hand.fill_in("introduction", "They are small in three ways.")
    for name in names:
        hand.pick("frameworks", name)
    for number in range(2):
        if number:
            hand.click("#sections-group .add-row a")
        hand.fill_in(f"sections-{number}-heading", f"Section {number}")
        hand.fill_in(f"sections-{number}-body", "They differ.")
        hand.pick(f"sections-{number}-features", "Routing")
    for number, name in enumerate(names):
        if number == 2:
            hand.click("#verdicts-group .add-row a")
        hand.pick(f"verdicts-{number}-framework", name)
        hand.fill_in(f"verdicts-{number}-when", f"case {number} is yours.")
    hand.click("[name=_save]")

    wait_for(browser, ".messagelist .success")
    comparison = Comparison.objects.get(slug="bottle-vs-falcon-vs-sanic")
    assert comparison.sections.count() == 2
    assert comparison.verdicts.count() == 3
    assert hand.steps <= 25


def test_thirty_rows_one_of_them_wrong_are_imported_in_six_steps(
    browser, site, sign_in, tmp_path
):
    make.make_framework(slug="waltz", draft=True)
    features = Feature.objects.filter(kind=FeatureKind.CAPABILITY)[:30]
    rows = [["waltz", feature.name, "Write it yourself"] for feature in features]
    right, wrong = tmp_path / "rows.csv", tmp_path / "typed.csv"
    columns = ["framework", "feature", "level"]
    right.write_bytes(files.write("csv", "", columns, rows))
    rows[-1] = [*rows[-1][:-1], "By hand"]
    wrong.write_bytes(files.write("csv", "", columns, rows))
    sign_in(browser)
    hand = Hand(browser, site)

    hand.click("[href='/admin/comparisons/finding/import/']")
    hand.put_in("file", wrong)
    hand.click("#content-main [type=submit]")
    assert "1 problem" in wait_for(browser, "#problems").text
    hand.put_in("file", right)
    hand.click("#content-main [type=submit]")
    wait_for(browser, "#differences")
    hand.click("#content-main [type=submit]")

    rated = Finding.objects.filter(framework__slug="waltz")
    wait_until(browser, lambda: rated.count() == 30)
    assert hand.steps <= 6

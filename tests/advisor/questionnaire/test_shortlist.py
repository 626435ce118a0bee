from advisor.questionnaire import candidates, shortlist
from advisor.questionnaire.reading import Questionnaire
from advisor.results.format import as_dict
from advisor.results.result import result_for
from tests.pages import ask_advisor, read

ANSWERS = [
    {"project": ["rest-api"], "priority-learning": ["4"]},
    {"priority-light": ["4"], "must_haves": ["orm"], "team_knows": ["bottle"]},
    {"must_haves_in_the_box": ["orm", "admin-interface"]},
    {},
]


def test_first_of_a_few_are_the_first_of_all(shipped_knowledge, monkeypatch):
    questionnaire = Questionnaire.current()
    wholes = [as_dict(result_for(questionnaire, answers)) for answers in ANSWERS]
    for module in (candidates, shortlist):
        monkeypatch.setattr(module, "MOST_RANKED", 3)
    monkeypatch.setattr(shortlist, "MOST_EXCLUDED", 2)

    for answers, whole in zip(ANSWERS, wholes, strict=True):
        few = as_dict(result_for(questionnaire, answers))
        assert_begins_alike(few, whole)
        if "team_knows" in answers:
            named = few["ranking"] + few["excluded"]
            assert "bottle" in [each["framework"] for each in named]


def assert_begins_alike(few, whole):
    def places(result, most):
        rows = [(r["framework"], r["rank"], r["score"]) for r in result["ranking"]]
        return rows[:most]

    assert places(few, 3) == places(whole, 3)
    assert [each["framework"] for each in few["excluded"][:1]] == [
        each["framework"] for each in whole["excluded"][:1]
    ]
    told = len(few["ranking"]) + len(few["unranked"]) + len(few["excluded"])
    assert few["others"] == 12 - told


def test_page_says_how_many_it_leaves_out(client, shipped_knowledge, monkeypatch):
    for module in (candidates, shortlist):
        monkeypatch.setattr(module, "MOST_RANKED", 3)

    advice = ask_advisor(client, {"priority-learning": "4"})

    page = read(client.get(advice.get_absolute_url()))
    assert "9 more stand behind these" in page.text

"""The page of a stored result: whose it is, how long it lasts, what it shows."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisor.models import Advice, DeletedAdvice
from advisor.results.format import complete
from comparisons.choices import Level
from comparisons.models import Extension
from tests import factories as make
from tests.pages import ANSWERS, ask_advisor, read

EASE = {"feature": "ease-of-learning", "name": "Ease of learning", "is_finding": True}
FORMAT_1 = {
    "ranking": [
        {
            **{"framework": "flask", "name": "Flask", "tagline": "Small."},
            **{"tier": "fits", "rank": 1, "score": 75, "coverage": 1.0},
            **{"exact": 75.0, "low": 75.0, "high": 75.0, "first_share": 1.0},
            **{"is_too_little_known": False, "is_possible_winner": True},
            **{"unverified": [], "by_theme": {"learning": 75.0}},
            "contributions": [
                {
                    **EASE,
                    **{"theme": "learning", "theme_name": "Learning", "weight": 1.0},
                    **{"low": 0.75, "high": 0.75, "value": 0.75},
                    **{"share": 100.0, "points": 75.0},
                }
            ],
            "reasons": [
                {
                    **EASE,
                    **{"theme": "Learning", "level": "high", "level_label": "High"},
                    **{"points": 75.0, "lost": 25.0, "spread": 0.0, "note": ""},
                    "is_contested": True,
                    "sources": [{"slug": "flask-docs", "title": "Flask docs"}],
                }
            ],
            **{"doubts": [], "open": []},
        }
    ],
    **{"unranked": [], "excluded": [], "relaxations": [], "flips": []},
    "verdict": "Flask is the only one left, with 75 of 100 points.",
    "certainty": "clear",
    "themes": [{"slug": "learning", "name": "Learning", "points": 4, "weight": 1.0}],
    "echo": [{"question": "priority-learning", "text": "Easy?", "answers": ["4"]}],
}


def delete_address(advice):
    return reverse("advisor:advice-delete", args=[advice.pk])


def code_given_to(client):
    return client.cookies["deletion_code"].value


# The code that deletes


@pytest.fixture
def own(client, knowledge):
    """A result that ``client`` has just asked for."""
    return ask_advisor(client)


def test_code_is_shown_once_to_whoever_asked(client, own):
    code = code_given_to(client)

    first, second = (client.get(own.get_absolute_url()) for _ in range(2))

    assert read(first).has("input", id="deletion-code", value=code)
    assert "no-store" in first["Cache-Control"]
    assert code not in second.text
    assert "no-store" not in second["Cache-Control"]


def test_code_is_in_no_address_and_only_its_digest_is_stored(client, knowledge):
    response = client.post("/advisor/", ANSWERS)

    code = code_given_to(client)
    cookie = response.cookies["deletion_code"]
    stored = Advice.objects.values().get()
    assert len(code) >= 24
    assert code not in response.url
    assert code not in str(stored)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == response.url


def test_address_without_the_code_shows_no_code(advice, own, client):
    page = Client().get(own.get_absolute_url())
    # The code of another result.
    client.cookies["deletion_code"] = "another"

    assert "deletion-code" not in page.text
    assert "deletion-code" not in client.get(advice.get_absolute_url()).text


def test_right_code_deletes(client, own):
    code = code_given_to(client)

    asked = client.get(delete_address(own))
    response = Client().post(delete_address(own), {"code": f" {code} "}, follow=True)

    assert asked.status_code == 200
    assert not Advice.objects.exists()
    assert response.redirect_chain == [(own.get_absolute_url(), 302)]
    assert response.status_code == 410


@pytest.mark.parametrize("code", ["", "wrong", "x" * 101, "é", "\0", None])
def test_wrong_code_deletes_nothing_and_says_so(client, own, code):
    data = {} if code is None else {"code": code}

    response = client.post(delete_address(own), data)

    assert response.status_code == 403
    assert Advice.objects.get() == own
    assert "Delete this result?" in response.text
    assert list(response.context["form"].errors) == ["code"]


def test_result_without_a_code_cannot_be_deleted_by_a_visitor(client, db):
    advice = make.make_advice()

    response = client.post(delete_address(advice), {"code": ""})

    assert response.status_code == 403
    assert not advice.may_be_deleted_with("")


# What is gone


def addresses(advice):
    page = advice.get_absolute_url()
    return [page, f"{page.rstrip('/')}.json", delete_address(advice)]


def delete_row(advice):
    advice.delete()


def delete_many(advice):
    Advice.objects.filter(pk=advice.pk).delete()


def let_expire(advice):
    # As a new row of the same key, because a stored one never changes.
    Advice.objects.filter(pk=advice.pk).delete()
    DeletedAdvice.objects.all().delete()
    advice.expires_at = timezone.now() - timedelta(seconds=1)
    advice.save(force_insert=True)


@pytest.mark.parametrize("end", [delete_row, delete_many, let_expire])
def test_what_is_gone_says_so(client, advice, end):
    before = read(client.get(advice.get_absolute_url()))
    there = addresses(advice)
    end(advice)

    answers = [client.get(address) for address in there]

    assert [answer.status_code for answer in answers] == [410] * 3
    assert all(answer["X-Robots-Tag"] == "noindex" for answer in answers)
    assert "This result is gone" in answers[0].text
    assert "Flask" in before.text
    assert "Flask" not in answers[0].text


def test_advice_expires_after_the_days_of_the_settings(settings, db):
    settings.ADVICE_DAYS = 30

    left = make.make_advice().expires_at - timezone.now()

    assert timedelta(days=29) < left <= timedelta(days=30)


def test_sweep_deletes_what_has_expired_and_nothing_else(db, capsys):
    kept = make.make_advice()
    swept = make.make_advice(expires_at=timezone.now())

    call_command("delete_expired_advice")

    assert Advice.objects.get() == kept
    assert DeletedAdvice.objects.filter(pk=swept.pk).exists()
    assert capsys.readouterr().out == (
        "Deleted 1 expired advice.\nDeleted 0 expired advice groups.\n"
    )


def test_key_that_is_deleted_twice_is_remembered_once(db):
    advice = make.make_advice()
    pk = advice.pk
    advice.delete()

    make.make_advice(id=pk).delete()

    assert DeletedAdvice.objects.get().pk == pk


# What is stored and shown


def test_nothing_about_the_visitor_is_stored(knowledge):
    agent = {"user-agent": "Spy/1.0", "referer": "https://spy.example/"}
    Client(REMOTE_ADDR="203.0.113.9", headers=agent).post("/advisor/", ANSWERS)

    row = str(Advice.objects.values().get())

    assert not [trace for trace in ("203.0.113", "Spy", "spy.example") if trace in row]


@pytest.mark.parametrize("name", ["page", "data"])
def test_result_is_kept_by_no_shared_cache(client, advice, name):
    page, data, _ = addresses(advice)

    response = client.get(page if name == "page" else data)

    assert "private" in response["Cache-Control"]


def test_reasons_lead_to_the_sources_at_the_foot(client, advice):
    page = read(client.get(advice.get_absolute_url()))

    sources = advice.result["sources"]
    assert [source["number"] for source in sources] == [1, 2]
    assert {source["slug"] for source in sources} == {"flask-docs", "django-docs"}
    footnotes = {link[1:] for link in page.links if link.startswith("#s")}
    assert footnotes & set(page.ids) == {"s1", "s2"}
    assert page.doubled_ids == []


def test_address_to_share_leaves_out_what_was_asked_of_it(client, advice):
    address = advice.get_absolute_url()

    page = read(client.get(f"{address}?utm=spam"))

    assert page.has("input", id="share-link", value=f"http://testserver{address}")


def test_places_after_the_fifth_fold(client, knowledge):
    for number in range(5):
        make.make_framework(slug=f"other-{number}")

    advice = ask_advisor(client)
    page = read(client.get(advice.get_absolute_url()))

    assert page.has("ol", start="6")
    assert "2 more places" in page.text
    assert [name for name in page.ids if name.startswith("place-")] == [
        f"place-{row['framework']}" for row in advice.result["ranking"]
    ]


def test_page_says_how_sure_it_is(client, advice):
    page = read(client.get(advice.get_absolute_url())).text

    assert "Your result Clear" in page
    assert "Flask alone covers nine first places of ten." in page
    assert "Flask stays first whatever the unknown facts turn out to be" in page


def test_page_names_the_facts_that_could_change_the_first_place(client, knowledge):
    make.make_share(theme=knowledge.learning, feature=knowledge.throughput, share="1")
    make.make_framework(slug="unexplored")

    advice = ask_advisor(client, {"priority-learning": "4"})
    page = read(client.get(advice.get_absolute_url())).text

    assert [fact["spread"] for fact in advice.result["facts"]] == pytest.approx(
        [50, 50, 50]
    )
    assert "Unexplored: Ease of learning 50 points" in page
    assert "unknown facts could still bring any of these first" in page


def test_what_if_posts_the_other_answers_as_they_were(client, advice):
    page = read(client.get(advice.get_absolute_url()))

    assert page.has("input", type="hidden", name="project", value="microservice")
    assert page.has("input", type="hidden", name="team_knows", value="flask")
    assert not page.has("input", type="hidden", name="priority-learning")
    assert page.has(
        "input", type="radio", name="priority-learning", value="4", checked=None
    )
    assert page.has("script", type="application/json", id="what-if-data")


# Results of an earlier format


@pytest.fixture
def early(knowledge):
    return make.make_advice(
        answers={"priority-learning": ["4"]}, result=FORMAT_1, data_version=1
    )


def test_result_of_an_earlier_format_is_shown(client, early):
    page = read(client.get(early.get_absolute_url()))
    data = client.get(addresses(early)[1]).json()

    assert "Flask is the only one left" in page.text
    assert "Flask docs" in page.text
    assert not page.has("form", id="what-if-form")
    assert data["format"] == 1
    assert data["ranking"][0]["framework"] == "flask"


def test_result_of_an_earlier_format_keeps_what_it_said_would_change_it(client, db):
    said = {**FORMAT_1, "format": 2, "changes": ["Django would draw level."]}
    advice = make.make_advice(result=said)

    page = read(client.get(advice.get_absolute_url()))

    assert "Django would draw level." in page.text
    assert client.get(addresses(advice)[1]).json()["changes"] == []


def test_result_of_an_earlier_format_says_what_changed(client, early, knowledge):
    knowledge.contested.level = Level.LOW
    knowledge.contested.save()

    page = read(client.get(early.get_absolute_url())).text

    assert "Flask: Ease of learning High Low" in page
    assert "Django not listed" in page


def test_a_reason_that_counts_in_two_themes_is_given_once(client, knowledge):
    answers = {"priority-batteries": "2", "must_haves": ["admin-interface"]}

    stored = complete(ask_advisor(client, answers).result)

    [django] = [row for row in stored["ranking"] if row["framework"] == "django"]
    told = {reason["feature"]: reason["points"] for reason in django["reasons"]}
    assert len(told) == len(django["reasons"])
    assert told["admin-interface"] == pytest.approx(
        sum(
            part["points"]
            for part in django["contributions"]
            if part["feature"] == "admin-interface"
        )
    )


# Frameworks that are chosen together with a package


@pytest.mark.parametrize(
    ("maintenance", "meets"),
    [
        (
            {"flask-sqlalchemy": "active", "peewee": "active"},
            "Flask meets “Orm” with Flask sqlalchemy or Peewee.",
        ),
        (
            {"flask-sqlalchemy": "archived", "peewee": "active"},
            "Flask meets “Orm” with Peewee.",
        ),
        ({}, ""),
    ],
)
def test_packages_that_meet_a_must_have_are_named_if_they_can_be_relied_on(
    client, knowledge, maintenance, meets
):
    for slug, state in maintenance.items():
        Extension.objects.filter(slug=slug).update(maintenance=state)
    make.make_answer("must_haves", "orm", feature=knowledge.orm)
    answers = {"project": "microservice", "priority-learning": "4"}

    stored = ask_advisor(client, {**answers, "must_haves": ["orm"]})

    page = read(client.get(stored.get_absolute_url()))
    told = {row["name"]: row["meets"] for row in complete(stored.result)["ranking"]}
    assert told == {"Flask": meets, "Django": ""}
    assert not meets or page.text.count(meets) == 2

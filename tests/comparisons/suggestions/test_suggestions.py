"""What readers can suggest, what is kept out, and that nobody else sees it."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from comparisons.choices import Level, Status
from comparisons.editing.seen import Seen, stamp
from comparisons.models import KnowledgeVersion, Suggestion
from comparisons.suggestions import deciding as suggestions
from comparisons.web import throttle
from tests import factories as make
from tests.pages import public_addresses, read

FINDING = "/suggest/finding/flask/orm/"
ADDRESSES = {
    "finding": FINDING,
    "pro_con": "/suggest/pro-con/flask-pro-small/",
    "fact": "/suggest/fact/flask/license/",
    "adopter": "/suggest/adopter/django-mozilla/",
    "source": "/suggest/source/blog/",
}
MARK = "Zyxwvut"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@contextmanager
def clock_at(moment):
    """Let forms be opened, and sent, at this moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        yield


def opened(client, address, *, ago=60):
    """Return the token of a form that was opened ``ago`` seconds before ``NOW``."""
    with clock_at(NOW - timedelta(seconds=ago)):
        return client.get(address).context["form"]["seen"].value()


def send(client, address=FINDING, *, ago=60, **data):
    data = {"problem": MARK, "seen": opened(client, address, ago=ago)} | data
    with clock_at(NOW):
        return client.post(address, data)


def errors(response):
    return {
        name: [error.code for error in found]
        for name, found in response.context["form"].errors.as_data().items()
    }


# What is stored


@pytest.mark.parametrize(("field", "address"), ADDRESSES.items())
def test_reader_suggests_something_about_each_kind_of_target(
    client, knowledge, field, address
):
    response = send(client, address)

    suggestion = Suggestion.objects.get()
    assert (response.status_code, response.url) == (302, f"{address}thanks/")
    assert suggestion.target_field == field
    assert (suggestion.problem, suggestion.state) == (MARK, "open")
    assert suggestion.stamp == stamp(suggestion.target)
    assert read(client.get(response.url)).has(
        "a", href=suggestion.target.get_absolute_url()
    )


def test_everything_that_a_reader_writes_is_stored(client, knowledge):
    written = {
        "problem": "It ships now.\nSee below.",
        "proposed_level": Level.BUILT_IN,
        "proposed_text": "Flask brings one.",
        "evidence_url": "https://flask.example/news/",
        "evidence_locator": "Version 4",
        "credit": "Ada",
        "contact": "ada@reader.example",
    }

    send(client, **written)

    suggestion = Suggestion.objects.get()
    assert {name: getattr(suggestion, name) for name in written} == written


def test_suggestion_speaks_of_what_its_reader_saw(client, knowledge):
    seen = stamp(knowledge.flask_orm)
    token = opened(client, FINDING)
    make.change(knowledge.flask_orm, note="Reworded while the reader wrote.")

    send(client, seen=token)

    assert Suggestion.objects.get().stamp == seen != stamp(knowledge.flask_orm)


def test_links_lead_from_every_statement_to_its_form(client, knowledge):
    places = {
        "/frameworks/flask/orm/": ["finding"],
        "/frameworks/flask/ease-of-learning/": ["pro_con"],
        "/frameworks/flask/facts/license/": ["fact"],
        "/frameworks/django/adopters/django-mozilla/": ["adopter"],
        "/sources/blog/": ["source"],
    }

    for page, fields in places.items():
        links = read(client.get(page)).links
        assert {ADDRESSES[field] for field in fields} <= set(links)
    side_by_side = read(client.get("/compare/django-vs-flask/"))
    assert not any(link.startswith("/suggest/") for link in side_by_side.links)
    assert "/frameworks/flask/orm/" in side_by_side.links


# What is refused


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("problem", "", "required"),
        ("problem", " \n", "required"),
        ("problem", "x" * 2001, "max_length"),
        ("problem", "a\0b", "null_characters_not_allowed"),
        ("problem", "left\u202eright", "not_plain_text"),
        ("proposed_level", Level.VERY_HIGH, "invalid_choice"),
        ("proposed_level", "a\0b", "invalid_choice"),
        ("proposed_text", "x" * 100_000, "max_length"),
        ("evidence_url", "javascript:alert(1)", "invalid"),
        ("evidence_url", f"https://a.example/{'x' * 500}", "max_length"),
        ("evidence_locator", "a\x1bb", "not_plain_text"),
        ("credit", "x" * 121, "max_length"),
        ("contact", "nobody", "invalid"),
        ("contact", "a@b.example\nBcc: c@d.example", "invalid"),
        ("website", "https://pills.example/", "filled_by_a_program"),
    ],
)
def test_error_stands_at_its_field_and_everything_typed_is_kept(
    client, knowledge, field, value, code
):
    typed = {"problem": MARK, "proposed_text": "Mine.", "credit": "Ada", field: value}

    response = send(client, **typed)

    assert response.status_code == 422
    assert code in errors(response)[field]
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("ago", "code"), [(0, "too_quick"), (2, "too_quick"), (90_000, "not_opened")]
)
def test_form_is_refused_too_soon_and_too_late(client, knowledge, ago, code):
    response = send(client, ago=ago)

    assert response.status_code == 422
    assert errors(response) == {"__all__": [code]}
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "a\0b", ":::", "x" * 10_000])
def test_token_that_is_not_ours_is_replaced_by_one_that_is(client, knowledge, token):
    response = send(client, seen=token)

    assert response.status_code == 422
    assert "not_opened" in errors(response)["__all__"]
    seen = Seen.read(response.context["form"]["seen"].value())
    assert seen.stamp == stamp(knowledge.flask_orm)


def test_form_opened_before_the_clock_was_put_back_is_taken_when_sent_again(
    client, knowledge
):
    refused = send(client, ago=-3600)
    assert errors(refused) == {"__all__": ["not_opened"]}

    with clock_at(NOW + timedelta(seconds=5)):
        again = refused.context["form"]["seen"].value()
        client.post(FINDING, {"problem": MARK, "seen": again})

    assert Suggestion.objects.get().problem == MARK


def test_token_serves_the_form_alone_that_it_was_made_for(client, knowledge):
    token = opened(client, "/suggest/finding/django/orm/")

    assert errors(send(client, seen=token)) == {"__all__": ["not_opened"]}


@pytest.mark.parametrize(
    "address",
    [
        "/suggest/finding/flask/",
        "/suggest/finding/flask/orm/more/",
        "/suggest/finding/flask/throughput/",
        "/suggest/finding/1/",
        "/suggest/finding//orm/",
        "/suggest/pro_con/flask-pro-small/",
        "/suggest/fact/flask/nothing/",
        "/suggest/framework/flask/",
        "/suggest/source/nowhere/",
        f"/suggest/source/{'x' * 3000}/",
        "/suggest/verdict/admin/",
    ],
)
def test_form_about_nothing_is_not_found(client, knowledge, address):
    assert client.get(address).status_code == 404
    assert client.post(address, {"problem": MARK}).status_code == 404


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_form_about_what_is_unpublished_is_not_found(client, knowledge, status):
    token = opened(client, FINDING)
    make.change(knowledge.flask_orm, status=status)

    for page in (FINDING, f"{FINDING}thanks/"):
        assert client.get(page).status_code == 404
    response = client.post(FINDING, {"problem": MARK, "opened": token})
    assert response.status_code == 404


def test_forms_stay_out_of_search_engines_and_shared_caches(client, knowledge):
    for page in (FINDING, f"{FINDING}thanks/"):
        response = client.get(page)

        assert response["X-Robots-Tag"] == "noindex"
        assert "private" in response["Cache-Control"]
        assert read(response).has("meta", name="robots", content="noindex")


# How many


def test_many_from_one_network_are_stopped_with_everything_typed(client, knowledge):
    for _ in range(throttle.MOST["suggestion"]):
        Suggestion.objects.all().delete()
        assert send(client).status_code == 302

    response = send(client, credit="Ada")

    assert response.status_code == 429
    assert "Many answers came from your network" in read(response).text
    assert response.context["form"]["credit"].value() == "Ada"


def test_suggestions_about_one_thing_are_bounded(client, knowledge):
    for _ in range(suggestions.MOST_WAITING):
        make.make_suggestion(finding=knowledge.flask_orm)

    response = send(client)

    assert response.status_code == 429
    assert "are waiting for the editors already" in read(response).text
    assert send(client, "/suggest/finding/django/orm/").status_code == 302


def test_suggestions_of_one_day_are_bounded(client, knowledge, monkeypatch):
    monkeypatch.setattr(suggestions, "MOST_A_DAY", 1)
    earlier = make.make_suggestion(source=knowledge.blog)

    assert send(client).status_code == 429

    day_ago = NOW - timedelta(days=1, minutes=1)
    Suggestion.objects.filter(pk=earlier.pk).update(created_at=day_ago)
    assert send(client).status_code == 302


def test_throttle_counts_each_network_for_itself():
    def allowed(network):
        return throttle.allows("act", network, most=2, seconds=60)

    answers = [allowed("192.0.2.1/32") for _ in range(3)]

    assert answers == [True, True, False]
    assert allowed("192.0.2.2/32")


def test_throttle_keeps_no_address_and_draws_another_salt_each_day(monkeypatch):
    kept, today = [], timezone.now()
    monkeypatch.setattr(throttle.cache, "incr", lambda key: kept.append(key) or 1)
    for moment in (today, today, today + timedelta(days=1)):
        monkeypatch.setattr(throttle.timezone, "now", lambda moment=moment: moment)
        throttle.allows("act", "192.0.2.1/32", most=1, seconds=60)

    first, again, next_day = kept
    assert first == again != next_day
    assert "192.0.2.1" not in "".join(kept)


def test_throttle_that_cannot_count_lets_pass(monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("No cache today.")

    monkeypatch.setattr(throttle.cache, "add", fail)

    assert throttle.allows("act", "192.0.2.1/32", most=0, seconds=60)


@pytest.mark.parametrize(
    ("address", "forwarded", "proxy", "network"),
    [
        ("192.0.2.1", "", False, "192.0.2.1/32"),
        ("192.0.2.1", "203.0.113.7", False, "192.0.2.1/32"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", True, "203.0.113.7/32"),
        ("10.0.0.1", "", True, "10.0.0.1/32"),
        ("10.0.0.1", "a, nonsense", True, ""),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", False, "192.0.2.1/32"),
        ("", "", False, ""),
    ],
)
def test_network_is_what_the_site_itself_has_seen(
    rf, settings, address, forwarded, proxy, network
):
    settings.BEHIND_PROXY = proxy
    request = rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)

    assert throttle.network_of(request) == network


# Who sees it


@pytest.mark.parametrize("state", ["open", "accepted", "rejected"])
def test_suggestion_is_on_no_page_whatever_was_decided(client, knowledge, state):
    version = KnowledgeVersion.current()
    for target in (knowledge.flask_orm, knowledge.pro, knowledge.blog):
        make.make_suggestion(
            **{Suggestion.field_for(type(target)): target},
            problem=MARK,
            proposed_text=MARK,
            evidence_url=f"https://{MARK}.example/",
            evidence_locator=MARK,
            credit=MARK,
            contact=f"{MARK}@reader.example",
            answer=MARK,
            state=state,
            decided_at=None if state == "open" else timezone.now(),
        )

    pages = [*public_addresses(), *ADDRESSES.values(), f"{FINDING}thanks/"]
    shown = "".join(client.get(page).content.decode() for page in pages)

    assert MARK not in shown
    assert KnowledgeVersion.current() == version


def test_contacts_that_no_answer_reached_are_forgotten_in_time(db):
    def decided(days, **fields):
        return make.make_suggestion(
            contact="ada@reader.example",
            mail_error="Refused: ada@reader.example",
            **{"state": "accepted", "decided_at": timezone.now() - timedelta(days=days)}
            | fields,
        )

    old = decided(31)
    kept = [decided(29), decided(0, state="open", decided_at=None)]
    output = StringIO()

    call_command("forget_contacts", stdout=output)

    assert output.getvalue() == "Forgot 1 address.\n"
    old.refresh_from_db()
    assert (old.contact, old.mail_error) == ("", "")
    assert set(Suggestion.objects.exclude(contact="")) == set(kept)

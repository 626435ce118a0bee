"""The pages of a group, from its start to its end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from advisor.groups import storing
from advisor.groups.storing import GroupRefusal, answer, said_by, start_group
from advisor.models import AdviceGroup, DeletedAdvice, GroupAdvice, GroupMember
from comparisons.models import KnowledgeVersion
from tests import factories as make
from tests.pages import read

ADA = {"member-name": "Ada", "priority-learning": "4", "team_knows": ["flask"]}
BEN = {"member-name": "Ben", "priority-batteries": "4", "project": "microservice"}


@pytest.fixture
def owner(client, knowledge):
    """The owner's address of a group that nobody has answered yet."""
    return client.post("/advisor/groups/", {"name": "Blue"}).url.partition("#")[0]


@pytest.fixture
def group(owner):
    return AdviceGroup.objects.get()


def join(group, answers, client=None):
    """Answer as somebody new, and return the address that is theirs."""
    response = (client or Client()).post(group.get_absolute_url(), answers)
    assert response.status_code == 302, read(response).text
    return response.url.partition("#")[0]


def code_of(client, role):
    """Return the code that a browser keeps, of the latest group."""
    group = AdviceGroup.objects.latest("created_at")
    return client.cookies[f"__Host-group-{role}-{group.pk}"].value


# Start


def test_start_leads_to_a_private_page_with_the_link_to_share(client, owner, group):
    page = client.get(owner)

    code = code_of(client, "owner")
    assert len(code) == 24
    assert read(page).has(
        "input", id="share-link", value=f"http://testserver{group.get_absolute_url()}"
    )
    assert read(page).has(
        "input", id="own-link", value=f"http://testserver{owner}#{code}"
    )
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert code not in str(AdviceGroup.objects.values())
    assert code not in client.get(group.get_absolute_url()).text
    nameless = client.post("/advisor/groups/", {"name": " "}).url
    assert "<h1>Your team</h1>" in client.get(nameless).text


@pytest.mark.parametrize("name", ["x" * 81, "a\0b"])
def test_wrong_name_is_refused_at_its_field(client, knowledge, name):
    response = client.post("/advisor/groups/", {"name": name})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["name"]
    assert not AdviceGroup.objects.exists()


def test_forms_need_their_token(group, owner):
    strict = Client(enforce_csrf_checks=True)

    for address in ("/advisor/groups/", group.get_absolute_url(), owner):
        assert strict.post(address, ADA).status_code == 403
    assert not GroupMember.objects.exists()


# Answer


def test_each_answers_alone(client, group):
    ada = join(group, ADA, client)

    invitation = read(Client().get(group.get_absolute_url())).text
    own = read(client.get(ada)).text

    assert "1 has answered" in invitation
    assert "Ada" not in invitation
    assert "Thank you, Ada" in own
    assert GroupMember.objects.get().answers == {
        "priority-learning": ["4"],
        "team_knows": ["flask"],
    }


def test_answers_are_changed_with_the_link_that_is_theirs(client, group):
    ada = join(group, ADA, client)
    code = code_of(client, "member")

    form = client.get(f"{ada}answers/")
    changed = client.post(f"{ada}answers/", {**BEN, "member-name": "Ada B."})

    assert form.context["form"].shown_answers == {
        "priority-learning": ["4"],
        "team_knows": ["flask"],
    }
    assert read(form).has("input", id="id_member-name", value="Ada")
    assert changed.url == f"{ada}#{code}"
    member = GroupMember.objects.get()
    assert (str(member), member.answers["project"]) == ("Ada B.", ["microservice"])
    assert code not in str(GroupMember.objects.values())
    for page in (client.get(ada), form):
        assert "no-store" in page["Cache-Control"]


def test_form_that_is_sent_twice_answers_once(client, group):
    code = client.get(group.get_absolute_url()).context["person"]["code"].value()

    first, second = (
        client.post(group.get_absolute_url(), {**ADA, "member-code": code})
        for _ in range(2)
    )

    assert first.url == second.url
    assert GroupMember.objects.count() == 1


def test_whoever_has_answered_is_led_to_their_answers(client, group):
    ada = join(group, ADA, client)

    led = client.get(f"{group.get_absolute_url()}?member-name=Ada+B.")
    page = client.get(led.url)

    assert led.url == f"{ada}answers/?member-name=Ada+B."
    assert read(page).has("input", id="id_member-name", value="Ada B.")
    assert Client().get(group.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("code", ["", "short", "é" * 24, "x" * 10_000, "a" * 23 + "/"])
def test_code_that_is_none_of_ours_is_replaced(client, group, code):
    address = join(group, {**ADA, "member-code": code}, client)

    assert "Thank you, Ada" in client.get(address).text


def test_private_link_opens_in_another_browser_without_a_script(client, group):
    join(group, ADA, client)
    code = code_of(client, "member")
    other, address = Client(), f"{group.get_absolute_url()}member/"

    asked = other.get(address)
    wrong = other.post(address, {"code": code[::-1]})
    opened = other.post(address, {"code": code})

    assert read(asked).has("input", name="code")
    assert "Nobody in this group has this code." in read(wrong).text
    assert opened.url == f"{address}#{code}"
    assert "Thank you, Ada" in other.get(address).text
    cookie = other.cookies[f"__Host-group-member-{group.pk}"]
    assert (cookie["path"], cookie["samesite"]) == ("/", "Lax")
    assert cookie["httponly"]
    assert cookie["secure"]


def test_no_address_that_a_server_logs_holds_a_code(client, owner, group):
    ada = join(group, ADA, client)
    codes = {code_of(client, role) for role in ("owner", "member")}

    asked = [owner, f"{owner}delete/", ada, f"{ada}answers/"]
    pages = [client.get(address) for address in asked]

    links = [link.partition("#")[0] for page in pages for link in read(page).links]
    assert not any(code in " ".join([*links, *asked]) for code in codes)
    # Where a form without an address leads on to inherits the code of its page.
    forms = [
        attributes
        for page in pages[:2]
        for tag, attributes in read(page).tags
        if tag == "form" and attributes.get("method") == "post"
    ]
    assert [f for f in forms if "action" not in f and f.get("id") != "code-form"] == []


def test_code_opens_one_group_and_one_role_alone(client, group, owner):
    join(group, ADA, client)
    codes = {role: code_of(client, role) for role in ("owner", "member")}
    other, _ = start_group("Other")

    for address, code in (
        (f"{other.get_absolute_url()}member/", codes["member"]),
        (f"{other.get_absolute_url()}owner/", codes["owner"]),
        (owner, codes["member"]),
        (f"{group.get_absolute_url()}member/", codes["owner"]),
    ):
        assert read(Client().post(address, {"code": code})).has("input", name="code")


def test_wrong_answers_are_kept_and_explained(client, group):
    response = client.post(
        group.get_absolute_url(),
        {**ADA, "member-name": "x" * 41, "project": "nowhere"},
    )

    page = read(response)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["project"]
    assert list(response.context["person"].errors) == ["name"]
    assert page.has("input", id="id_member-name", value="x" * 41)
    assert not GroupMember.objects.exists()


def test_suggestion_keeps_the_name(client, group):
    response = client.post(
        group.get_absolute_url(), {**ADA, "suggest": "small-services"}
    )

    page = client.get(response.url)
    assert response.url.startswith(f"{group.get_absolute_url()}?")
    assert read(page).has("input", id="id_member-name", value="Ada")
    assert page.context["form"].shown_answers["priority-learning"] == ["4"]
    assert not GroupMember.objects.exists()


def test_names_are_text_and_told_apart(client, owner, group):
    for name in ("<b>Ada</b>", "", "Ben", "Ben"):
        join(group, {**ADA, "member-name": name})

    page = client.get(client.post(owner, {"act": "close"}).url)

    names = [said["name"] for said in said_by(group.members.all())]
    assert names == ["<b>Ada</b>", "Person 2", "Ben (3)", "Ben (4)"]
    assert "<b>Ada</b>" in read(page).text
    assert "<b>Ada</b>" not in page.text


def test_group_is_full_at_thirty(client, group):
    for number in range(1, 31):
        make.make_member(group=group, number=number)

    response = client.post(group.get_absolute_url(), ADA)

    assert "The group is full" in read(response).text
    assert read(response).has("input", id="id_member-name", value="Ada")
    assert group.members.count() == 30


# Combine and close


def test_result_stays_as_it_was_and_new_answers_make_another(client, owner, group):
    ada = join(group, ADA, client)
    first = client.post(owner, {"act": "combine"}).url
    for page in (ada, owner):
        assert first in read(client.get(page)).links
    assert first not in client.get(group.get_absolute_url()).text
    before = client.get(f"{first.rstrip('/')}.json").content

    again = client.post(owner, {"act": "combine"}).url
    client.post(f"{ada}answers/", BEN)
    second = client.post(owner, {"act": "combine"}).url

    assert again == first
    assert second != first
    assert client.get(f"{first.rstrip('/')}.json").content == before


def test_closing_ends_it(client, owner, group):
    ada = join(group, ADA, client)

    result = client.post(owner, {"act": "close"}).url
    late = client.post(group.get_absolute_url(), BEN)
    changed = client.post(f"{ada}answers/", BEN)

    for refused in (late, changed):
        assert "The group is closed, so your answers" in read(refused).text
        assert read(refused).has("input", id="id_member-name", value="Ben")
    assert GroupMember.objects.get().name == "Ada"
    assert client.post(owner, {"act": "combine"}).url == result
    assert result in read(client.get(group.get_absolute_url())).links
    assert client.get(f"{ada}answers/").url == ada
    assert "Combine now" not in client.get(owner).text


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        ({"act": "combine"}, "Nobody has answered yet, so there is nothing"),
        ({"act": "close"}, "Nobody has answered yet, so there is nothing"),
        ({"act": "burn"}, "Choose to combine the answers or to close."),
        ({}, "Choose to combine the answers or to close."),
    ],
)
def test_act_that_cannot_be_done_is_refused(client, owner, act, refusal):
    page = read(client.post(owner, act))

    assert refusal in page.text
    assert not GroupAdvice.objects.exists()
    assert not AdviceGroup.objects.get().is_closed


def test_last_result_is_kept_for_closing(client, owner, group, monkeypatch):
    monkeypatch.setattr(storing, "MOST_RESULTS", 1)
    join(group, ADA)

    refused = client.post(owner, {"act": "combine"})
    closed = client.post(owner, {"act": "close"})

    assert "Close the group to combine them once more" in read(refused).text
    assert closed.status_code == 302


def test_closed_group_whose_result_is_gone_says_so(client, owner, group):
    join(group, ADA)
    client.post(owner, {"act": "close"})
    GroupAdvice.objects.all().delete()

    assert "its result is gone" in read(client.post(owner, {"act": "combine"})).text


# The result


def test_result_shows_who_wants_what(client, owner, group):
    join(group, ADA)
    join(group, {**BEN, "must_haves": ["admin-interface"]})

    response = client.get(client.post(owner, {"act": "close"}).url)

    page = read(response)
    weights, alone = [t for t in page.tables if t[0][0] in ("Theme", "Who")]
    assert weights[0] == ["Theme", "Group", "Spread", "Ada", "Ben"]
    assert ["Learning", "50 %", "", "100 %", "0 %"] in weights
    assert alone[1:] == [
        ["Ada", "not said", "nothing", "Flask"],
        ["Ben", "Microservice", "Admin interface", "Django"],
    ]
    assert page.has("svg", **{"class": "strip", "aria-label": "From 0 % to 100 %"})
    assert "set by Ben" in page.text
    assert "You disagree most on" in page.text
    assert response["X-Robots-Tag"] == "noindex"


def test_result_begins_with_what_decides(client, owner, group):
    learners = {"priority-learning": "4", "priority-batteries": "1"}
    for given in (learners, learners, {"priority-batteries": "4"}):
        join(group, {**given, "member-name": "Secret"})

    page = read(client.get(client.post(owner, {"act": "close"}).url))

    begin, _, _ = page.text.partition("Ranking")
    assert (
        "The theme “Batteries” decides: without it Flask would come first. 1 of you "
        "gives it more weight than the group does, 2 less."
    ) in begin
    assert "Secret" not in begin


@pytest.mark.parametrize("answers", [[{}], [{}, {}], [ADA], [ADA, {}]], ids=str)
def test_group_of_few_words_has_a_page(client, owner, group, answers):
    for given in answers:
        join(group, given)

    page = read(client.get(client.post(owner, {"act": "close"}).url))

    assert "Who wants what" in page.text
    assert ("There is no ranking" in page.text) == (ADA not in answers)
    # Of one person who weighed anything, nobody else differs.
    for said in ("The best compromise", "You all weigh", "You disagree"):
        assert said not in page.text
    assert "nan" not in page.text.lower().split()


def test_json_holds_the_ranking_and_the_people(client, owner, group):
    join(group, ADA)
    join(group, BEN)
    address = client.post(owner, {"act": "close"}).url

    response = client.get(f"{address.rstrip('/')}.json")

    data = response.json()
    assert response["X-Robots-Tag"] == "noindex"
    assert data["id"] == address.rstrip("/").split("/")[-1]
    assert {row["framework"] for row in data["ranking"]} == {"django", "flask"}
    assert [person["name"] for person in data["group"]["members"]] == ["Ada", "Ben"]
    assert sum(theme["weight"] for theme in data["themes"]) == pytest.approx(1)


def test_result_says_that_the_knowledge_has_changed(client, owner, group, knowledge):
    join(group, BEN)
    result = client.post(owner, {"act": "combine"}).url
    assert "which is the present one" in read(client.get(result)).text

    knowledge.flask_orm.note = "It changed."
    knowledge.flask_orm.save()

    page = read(client.get(result)).text
    assert "What this result rests on has changed since" in page
    assert "It changed." in page
    assert "can combine the answers again" in page
    # The same answers on other knowledge are worth combining again.
    assert client.post(owner, {"act": "combine"}).url != result


# The end


def let_expire(client, owner):
    AdviceGroup.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def sweep(client, owner):
    let_expire(client, owner)
    call_command("delete_expired_advice")


def delete(client, owner):
    assert "Delete Blue?" in client.get(f"{owner}delete/").text
    assert client.post(f"{owner}delete/").status_code == 302


@pytest.mark.parametrize("end", [let_expire, sweep, delete])
def test_what_is_gone_says_so(client, owner, group, end):
    ada = join(group, ADA, client)
    result = client.post(owner, {"act": "combine"}).url
    addresses = [
        group.get_absolute_url(),
        owner,
        f"{owner}delete/",
        ada,
        f"{ada}answers/",
        result,
        f"{result.rstrip('/')}.json",
    ]

    end(client, owner)

    answers = [client.get(address) for address in addresses]
    assert [response.status_code for response in answers] == [410] * len(answers)
    assert not [response for response in answers if "Ada" in response.text]
    assert client.post(group.get_absolute_url(), ADA).status_code == 410
    assert GroupMember.objects.exists() == (end is let_expire)


def test_group_that_is_deleted_meanwhile_is_gone(client, group, monkeypatch):
    def delete_first(stored, *args, **kwargs):
        AdviceGroup.objects.all().delete()
        return answer(stored, *args, **kwargs)

    monkeypatch.setattr("advisor.groups.views.answer", delete_first)

    assert client.post(group.get_absolute_url(), ADA).status_code == 410


def test_looking_writes_nothing(client, owner, group):
    ada = join(group, ADA, client)
    result = client.post(owner, {"act": "combine"}).url
    before = KnowledgeVersion.current()

    for address in (owner, f"{owner}delete/", ada, f"{ada}answers/", result):
        assert client.get(address).status_code == 200

    assert AdviceGroup.objects.get() == group
    assert GroupAdvice.objects.count() == GroupMember.objects.count() == 1
    assert not DeletedAdvice.objects.exists()
    assert KnowledgeVersion.current() == before


def test_wrong_code_opens_nothing(client, owner, group):
    address = group.get_absolute_url()

    for page in ("owner/", "owner/delete/", "member/", "member/answers/"):
        for fields in ({}, {"act": "close"}, {"code": "x"}):
            assert "Your code" in read(Client().post(f"{address}{page}", fields)).text
    assert client.get(f"/advisor/groups/{uuid4()}/").status_code == 404
    assert not AdviceGroup.objects.get().is_closed


# What the database itself keeps


def test_database_refuses_answers_to_a_closed_group(db):
    group = make.make_advice_group()
    member = make.make_member(group=group)
    group.closed_at = timezone.now()
    group.save()

    with pytest.raises(IntegrityError, match="takes no answers"), transaction.atomic():
        make.make_member(group=group, number=2)
    with pytest.raises(IntegrityError, match="takes no answers"), transaction.atomic():
        member.save()
    group.closed_at = None
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        group.save()


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory has one connection."
)
@pytest.mark.django_db(transaction=True)
def test_people_who_answer_at_once_all_count():
    group, _ = start_group("")

    def say(number):
        try:
            answer(group, f"code-{number}", name="", answers={})
        except GroupRefusal:
            return False
        finally:
            connection.close()
        return True

    for number in range(1, 29):
        make.make_member(group=group, number=number)
    with ThreadPoolExecutor(max_workers=4) as pool:
        taken = list(pool.map(say, range(4)))

    assert sorted(taken) == [False, False, True, True]
    numbers = group.members.values_list("number", flat=True)
    assert list(numbers) == list(range(1, 31))

"""Nobody fills the disk, and nobody guesses a password in an afternoon."""

import pytest
from django.contrib.auth import get_user_model

from advisor.models import Advice, AdviceGroup, GroupMember
from comparisons.web import throttle
from tests.pages import ANSWERS, read


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Let two of everything through."""
    monkeypatch.setattr(throttle, "MOST", dict.fromkeys(throttle.MOST, 2))


@pytest.mark.parametrize(
    ("model", "address", "typed"),
    [
        (Advice, "/advisor/", ANSWERS),
        (AdviceGroup, "/advisor/groups/", {"name": "The three of us"}),
        (GroupMember, None, ANSWERS | {"member-name": "Ada"}),
    ],
)
def test_what_anybody_may_store_is_limited_and_nothing_typed_is_lost(
    client, knowledge, model, address, typed
):
    if address is None:
        GroupMember.objects.all().delete()
        address = AdviceGroup.objects.create(
            name="Us", owner_digest="x"
        ).get_absolute_url()
    before = model.objects.count()

    answers = [client.post(address, typed) for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [302, 302]
    assert model.objects.count() == before + 2
    page = read(answers[2])
    assert "Many answers came from your network within an hour." in page.text
    name = typed.get("name") or typed.get("member-name")
    assert name is None or page.has("input", value=name)


def test_passwords_are_not_guessed_at_length(client, knowledge, settings):
    editor = get_user_model().objects.create_superuser("editor", password="right")

    def sign_in(password, **network):
        return client.post(
            "/admin/login/", {"username": "editor", "password": password}, **network
        )

    wrong = [sign_in("wrong").status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    locked = sign_in("right")

    assert set(wrong[:-1]) == {200}
    assert locked.status_code == 429
    assert "Too many wrong passwords" in read(locked).text
    assert "_auth_user_id" not in client.session
    # Others are not locked out with them.
    assert sign_in("right", REMOTE_ADDR="192.0.2.7").status_code == 302
    assert client.session["_auth_user_id"] == str(editor.pk)


def test_owner_removes_a_member_who_was_not_meant(client, knowledge):
    response = client.post("/advisor/groups/", {"name": "Us"}, follow=True)
    owner, group = (
        response.request["PATH_INFO"],
        AdviceGroup.objects.latest("created_at"),
    )
    for name in ("Ada", "Eve"):
        throttle.MOST["member"] = 9
        client.post(group.get_absolute_url(), ANSWERS | {"member-name": name})
    eve = group.members.get(name="Eve")

    assert client.post(owner, {"act": "remove", "member": "x"}).status_code == 200
    assert (
        client.post(owner, {"act": "remove", "member": eve.number}).status_code == 302
    )

    assert [member.name for member in group.members.all()] == ["Ada"]
    client.post(group.get_absolute_url(), ANSWERS | {"member-name": "Bo"})
    assert group.members.get(name="Bo").number == eve.number
    client.post(owner, {"act": "close"})
    client.post(owner, {"act": "remove", "member": 1})
    assert group.members.count() == 2

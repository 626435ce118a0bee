"""A session is nobody's until its second factor was shown, whichever way it goes."""

import re
import time

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparisons.accounts import factors
from comparisons.admin.urls import urlpatterns
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.web import throttle
from tests.forms import filled_in
from tests.pages import read

PAGE = "/admin/second-factor/"
PASSWORD = "a long password of the editor"


def code_of(user, later=0):
    """Return what the app of ``user`` shows so many steps from now."""
    totp = TOTP(TOTPDevice.objects.get(user=user).bin_key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def sign_in(client, user):
    fields = {"username": user.username, "password": PASSWORD, "next": "/admin/queue/"}
    return client.post("/admin/login/", fields, follow=True)


@pytest.fixture
def root(knowledge):
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def codes(root):
    """The recovery codes of ``root``, who has an app as well."""
    return factors.set_up(root, "ab" * 20)[1]


def is_in(client):
    return client.get("/admin/queue/").status_code == 200


def test_account_sets_up_an_app_and_is_asked_for_its_code_from_then_on(client, root):
    sign_in(client, root)
    form = client.get(PAGE)
    key = filled_in(form)["key"]
    code = f"{TOTP(bytes.fromhex(key)).token():06}"

    wrong = client.post(PAGE, filled_in(form, password=PASSWORD, code="000000"))
    done = client.post(PAGE, filled_in(wrong, password=PASSWORD, code=code))

    assert "This is not a code of today." in read(wrong).text
    assert len(re.findall(r"(?:[a-z2-9]{4}-){6}[a-z2-9]{4}", done.text)) == 10
    assert is_in(client)
    client.logout()
    assert read(sign_in(client, root)).has("input", name="code")
    assert not is_in(client)
    client.post(f"{PAGE}?next=/admin/queue/", {"code": code_of(root, later=1)})
    assert is_in(client)


@pytest.mark.parametrize("way", ["code", "recovery code"])
def test_code_signs_in_once(client, root, codes, way):
    code = code_of(root) if way == "code" else codes[0].upper()
    sign_in(client, root)

    entered = client.post(f"{PAGE}?next=/admin/queue/", {"code": code})
    assert entered.url == "/admin/queue/"
    assert is_in(client)

    client.logout()
    sign_in(client, root)
    assert client.post(PAGE, {"code": code}).status_code == 200
    assert not is_in(client)


def test_password_alone_opens_no_page_of_the_desk_and_no_preview(client, root, codes):
    client.force_login(root)
    addresses = [
        "/admin/",
        "/admin/auth/user/",
        "/admin/advisor/audit/",
        "/admin/password_change/",
        *(
            f"/admin/{each.pattern}"
            for each in urlpatterns
            if "<" not in str(each.pattern)
        ),
    ]
    addresses.remove(PAGE)

    for address in addresses:
        assert client.get(address).url.startswith("/admin/login/"), address
        assert client.post(address).url.startswith("/admin/login/"), address
    reader = client.get("/frameworks/flask/?preview=1")
    assert "no-store" not in reader["Cache-Control"]
    assert "Edit" not in read(reader).text


@pytest.mark.parametrize(
    ("role", "is_asked"), [(CONTRIBUTOR, False), (REVIEWER, True), (None, True)]
)
def test_site_may_require_it_of_those_who_publish(
    client, knowledge, settings, role, is_asked
):
    settings.SECOND_FACTOR = True
    user = User.objects.create_user("ada", password=PASSWORD, is_staff=True)
    user.is_superuser = role is None
    user.save()
    user.groups.set(Group.objects.filter(name=role))

    page = sign_in(client, user)

    assert is_in(client) is not is_asked
    assert ("Set up a second factor" in read(page).text) is is_asked


def test_wrong_codes_are_slowed_down_and_counted_with_wrong_passwords(
    client, root, codes, settings
):
    settings.AXES_FAILURE_LIMIT = 4
    sign_in(client, root)

    assert client.post(PAGE, {"code": "000000"}).status_code == 200
    # The right one is not looked at for a while either.
    assert client.post(PAGE, {"code": code_of(root)}).status_code == 200
    for _ in range(3):
        last = client.post(PAGE, {"code": "000000"})

    assert last.status_code == 429
    assert not is_in(client)


@pytest.mark.parametrize("act", ["renew", "remove"])
def test_password_and_code_are_asked_before_anything_changes(client, root, codes, act):
    sign_in(client, root)
    client.post(PAGE, {"code": codes[0]})
    stored = set(StaticToken.objects.values_list("token", flat=True))
    fields = {"act": act, "password": PASSWORD, "code": codes[1]}

    client.post(PAGE, fields | {"password": "wrong", "code": codes[2]})
    assert TOTPDevice.objects.filter(user=root).exists()
    client.post(PAGE, fields)

    assert TOTPDevice.objects.filter(user=root).exists() is (act == "renew")
    assert not stored & set(StaticToken.objects.values_list("token", flat=True))


def test_recovery_codes_are_stored_as_digests(root, codes):
    stored = StaticToken.objects.values_list("token", flat=True)

    assert len(stored) == 10
    assert not {code.replace("-", "")[:16] for code in codes} & set(stored)


@pytest.mark.parametrize("way", ["admin", "command"])
def test_lost_app_is_taken_away(client, root, codes, way):
    other = User.objects.create_superuser("grace", password=PASSWORD)
    if way == "command":
        call_command("reset_second_factor", "root", verbosity=0)
        with pytest.raises(CommandError, match="has no second factor"):
            call_command("reset_second_factor", "root")
    else:
        client.force_login(other)
        client.post(
            "/admin/auth/user/",
            {"action": "reset_second_factor", "_selected_action": [root.pk]},
        )
        client.logout()

    sign_in(client, root)

    assert is_in(client)


def test_session_from_before_the_app_was_set_up_is_nobodys(client, root):
    client.force_login(root)
    assert is_in(client)

    factors.set_up(root, "ab" * 20)

    assert not is_in(client)


def test_whoever_cannot_show_it_signs_in_as_somebody_else(client, root, codes):
    sign_in(client, root)

    assert client.post(PAGE, {"act": "leave"}).url == "/admin/login/"
    assert "_auth_user_id" not in client.session
    assert client.get(PAGE).url == "/admin/login/"


def test_forgotten_password_is_replaced_by_mail_and_the_code_is_still_asked_for(
    client, root, codes, mailoutbox
):
    root.email = "root@editors.example"
    root.save()

    for address in ("nobody@editors.example", root.email):
        sent = client.post("/admin/password-reset/", {"email": address})
        assert sent.url == "/admin/password-reset/done/"
    [mail] = mailoutbox
    link = re.search(r"http://testserver(/admin/password-reset/\S+)", mail.body)[1]
    form = client.get(link).url
    fields = {"new_password1": "another long one", "new_password2": "another long one"}
    client.post(form, fields)

    assert not is_in(client)
    client.post("/admin/login/", {"username": "root", "password": "another long one"})
    assert not is_in(client)
    client.post(PAGE, {"code": codes[0]})
    assert is_in(client)


def test_mails_to_a_forgotten_password_are_limited(client, root, monkeypatch):
    monkeypatch.setitem(throttle.MOST, "password_reset", 1)

    asked = [
        client.post("/admin/password-reset/", {"email": "a@b.example"})
        for _ in range(2)
    ]

    assert [response.status_code for response in asked] == [302, 429]

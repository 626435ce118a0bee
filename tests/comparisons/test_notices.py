"""Mail to editors: what is decided, what waits, and nothing that nobody asked for."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from comparisons.choices import Level, ProposalState, Status
from comparisons.editing.roles import CONTRIBUTOR, REVIEWER
from comparisons.editing.workflow import move
from comparisons.history.recording import change_set
from comparisons.models import MailChoice
from comparisons.notices import send_digests
from comparisons.suggestions import proposing
from tests import factories as make
from tests.pages import read
from tests.test_rights import make_editor

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 2)
PAGE = "/admin/mail/"


@pytest.fixture(autouse=True)
def site_with_a_name(settings):
    settings.ALLOWED_HOSTS = ["framewise.example", "testserver"]
    settings.HTTPS = True


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """What is mailed about what is done inside."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def editor(group, **choice):
    user = make_editor(group)
    make.change(user, email=f"{user.username.lower()}@framewise.example")
    if choice:
        MailChoice.objects.create(user=user, **choice)
    return user


@pytest.fixture
def author():
    return editor(CONTRIBUTOR, decisions=True)


@pytest.fixture
def reviewer():
    return editor(REVIEWER)


def fail(subject, text, sender, addresses):
    raise OSError(f"{addresses} is unknown here")


def written_by(author):
    with change_set(editor=author):
        finding = make.make_finding(level=Level.UNKNOWN, draft=True)
    return move(finding, Status.IN_REVIEW, author)


def test_author_is_told_what_was_sent_back_and_why(author, reviewer, told):
    finding = written_by(author)

    with told():
        move(finding, Status.DRAFT, reviewer, reason="Which release?")

    [message] = mail.outbox
    assert message.to == [author.email]
    assert message.subject == f"Framewise: {finding} was sent back"
    assert "Which release?" in message.body
    assert "https://framewise.example/admin/comparisons/matrix/" in message.body
    assert f"https://framewise.example{PAGE}" in message.body


def test_author_is_led_to_the_page_of_what_was_published(author, reviewer, told):
    finding = written_by(author)

    with told():
        move(finding, Status.PUBLISHED, reviewer)

    [message] = mail.outbox
    page = f"https://framewise.example{finding.get_absolute_url()}"
    assert page in message.body
    assert ": published" in message.body


def test_what_is_deleted_in_review_is_told_with_its_history(author, reviewer, told):
    finding = written_by(author)
    history = reverse("admin:comparisons_finding_history", args=[finding.pk])

    with told(), change_set(editor=reviewer):
        finding.delete()

    assert history in mail.outbox[0].body


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(ProposalState.RETURNED, "sent back"), (ProposalState.DECLINED, "declined")],
)
def test_author_of_a_proposal_is_told_what_became_of_it(
    author, reviewer, told, state, outcome
):
    proposal = make.make_proposal(author=author)

    with told():
        proposing.close(proposal.pk, state, editor=reviewer, answer="Which version?")

    [message] = mail.outbox
    assert message.subject == f"Framewise: {proposal.name} was {outcome}"
    assert "Which version?" in message.body
    page = reverse("admin:comparisons_proposal_change", args=[proposal.pk])
    assert f"https://framewise.example{page}" in message.body


def test_nobody_is_told_of_the_own_withdrawal(author, told):
    proposal = make.make_proposal(author=author)

    with told():
        proposing.close(proposal.pk, ProposalState.WITHDRAWN, editor=author)

    assert mail.outbox == []


def test_many_decisions_of_one_act_are_one_mail(author, reviewer, told):
    findings = [written_by(author) for _ in range(3)]

    with told(), change_set(editor=reviewer):
        for finding in findings:
            move(finding, Status.PUBLISHED, reviewer)

    [message] = mail.outbox
    assert message.subject == "Framewise: 3 decisions about your work"
    assert all(str(finding) in message.body for finding in findings)


def test_nobody_is_told_of_the_own_act_or_of_the_work_of_others(author, reviewer, told):
    MailChoice.objects.create(user=reviewer, decisions=True)
    theirs = written_by(make_editor("Administrator"))

    with told():
        move(written_by(author), Status.DRAFT, author)
        move(theirs, Status.PUBLISHED, reviewer)

    assert mail.outbox == []


def test_nobody_is_told_who_did_not_ask_or_cannot_sign_in(author, reviewer, told):
    one, other = written_by(author), written_by(author)
    MailChoice.objects.filter(user=author).update(decisions=False)
    with told():
        move(one, Status.PUBLISHED, reviewer)
    MailChoice.objects.filter(user=author).update(decisions=True)
    make.change(author, is_active=False)
    with told():
        move(other, Status.PUBLISHED, reviewer)

    assert mail.outbox == []


def test_work_of_before_the_last_publication_is_nobodys_any_more(
    author, reviewer, told
):
    finding = written_by(author)
    move(finding, Status.PUBLISHED, reviewer)
    move(finding, Status.DRAFT, reviewer)
    move(finding, Status.IN_REVIEW, reviewer)

    with told():
        move(finding, Status.DRAFT, make_editor("Administrator"))

    assert mail.outbox == []


def test_decision_stands_when_mail_fails(author, reviewer, told, caplog, monkeypatch):
    finding = written_by(author)
    monkeypatch.setattr("comparisons.web.mail.send_mail", fail)

    with told():
        move(finding, Status.PUBLISHED, reviewer)

    finding.refresh_from_db()
    assert finding.is_published
    assert f"No mail to account {author.pk}" in caplog.text
    assert author.email not in caplog.text


def test_digest_lists_what_waits_once_a_day(author, reviewer):
    MailChoice.objects.create(user=reviewer, digest=True)
    finding = written_by(author)
    suggestion = make.make_suggestion()

    assert [send_digests(TODAY), send_digests(TODAY)] == [1, 0]

    [message] = mail.outbox
    assert message.to == [reviewer.email]
    assert "In review: 1" in message.body
    assert str(finding) in message.body
    assert author.username in message.body
    page = reverse("admin:comparisons_suggestion_change", args=[suggestion.pk])
    assert f"https://framewise.example{page}" in message.body
    assert send_digests(TODAY + datetime.timedelta(days=1)) == 1


def test_digest_of_nothing_is_not_sent(reviewer, capsys):
    MailChoice.objects.create(user=reviewer, digest=True)

    call_command("mail_digests")

    assert capsys.readouterr().out == "Told 0 accounts what waits.\n"
    assert mail.outbox == []


def test_digest_that_failed_is_tried_again(author, reviewer, monkeypatch):
    MailChoice.objects.create(user=reviewer, digest=True)
    written_by(author)

    with monkeypatch.context() as patch:
        patch.setattr("comparisons.web.mail.send_mail", fail)
        assert send_digests(TODAY) == 0

    assert send_digests(TODAY) == 1


def test_account_chooses_and_sees_its_address(client, reviewer):
    client.force_login(reviewer)
    assert reviewer.email in read(client.get(PAGE)).text
    assert PAGE in read(client.get("/admin/")).links

    assert client.post(PAGE, {"digest": "on"}).url == PAGE
    choice = MailChoice.objects.get(user=reviewer)
    assert (choice.decisions, choice.digest) == (False, True)

    client.post(PAGE, {})
    choice.refresh_from_db()
    assert choice.digest is False


def test_page_says_why_nothing_would_come(client, admin_client, settings):
    nameless = make_editor(CONTRIBUTOR)
    client.force_login(nameless)
    assert "Your account has no address yet." in read(client.get(PAGE)).text

    settings.SENDS_MAIL = False
    assert "This site sends no mail" in read(admin_client.get(PAGE)).text

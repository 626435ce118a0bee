"""A small site with a row of each model, and a client for each kind of account."""

ROLES = ["nobody", "contributor", "reviewer", "superuser"]


def prepare():
    """Fill the database; return {role: client}.

    Something waits for an editor, something is proposed, and something was changed.
    """
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from comparisons.history.recording import record_present_state
    from tests import factories as make
    from tests.conftest import small_knowledge
    from tests.forms import fields_of

    knowledge = small_knowledge()
    record_present_state(reason="First load")
    page = f"/admin/comparisons/finding/{knowledge.flask_orm.pk}/change/"
    clients = {}
    for role in ROLES:
        client = clients[role] = Client(raise_request_exception=False)
        if role == "nobody":
            continue
        user = User.objects.create(
            username=role, is_staff=True, is_superuser=role == "superuser"
        )
        user.groups.set(Group.objects.filter(name=role.title()))
        client.force_login(user)
        make.make_work(editor=user)
        fields = fields_of(client.get(page).content.decode())
        said = {"note": [f"Said by {role}."], "change_reason": ["Why not?"]}
        client.post(page, fields | said | {"_save": ["Save"]})
    make.make_suggestion(finding=knowledge.flask_orm, contact="ada@reader.example")
    make.make_suggestion(source=knowledge.blog)
    make.make_link(source=knowledge.blog)
    make.make_passage_check(citation=knowledge.flask_orm.citations.first())
    ask(clients["nobody"])
    return clients


def ask(client, name="Blue"):
    """Ask the advisor, and have a group of one, called ``name``, ask it."""
    from tests.forms import fields_of
    from tests.pages import ANSWERS

    client.post("/advisor/", ANSWERS)
    answer = client.post("/advisor/groups/", {"name": name})
    owner = answer.url.partition("#")[0]
    page = owner.removesuffix("owner/")
    fields = fields_of(client.get(page).content.decode())
    client.post(page, fields | ANSWERS | {"member-name": name})
    client.post(owner, {"act": "combine"})

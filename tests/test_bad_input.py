"""Whatever is sent, the answer is a page: never a failure, never markup."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.urls import reverse

from advisor.models import Advice
from comparisons.models import Framework, Source
from comparisons.models.publishing import WebAddressField
from tests import factories as make
from tests.forms import desk_address
from tests.pages import ANSWERS, ask_advisor, is_page, public_addresses, read
from tests.texts import all_rows, knowledge_models, write_everywhere

NUL, SQUARED, HUGE = "a\0b", "²", "x" * 100_000
MARKUP = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
NO_PAGES = ["0", "-1", "abc", SQUARED, "1.5", "999999", "9" * 5000]
NONSENSE = ["", "nonsense", NUL, SQUARED, HUGE, "-1", "' OR 1=1 --", "🦄", MARKUP]
ACTIVE = ("<script>alert", "<img src=x", "javascript:")


def statuses(client, address, field, values):
    """Return the status for each value of ``field``, and for the first two at once."""
    given = [*([value] for value in values), values[:2]]
    answers = [client.get(address, {field: values}) for values in given]
    # Markup in an address shows as text.
    for answer in answers:
        assert not [text for text in ACTIVE if text in answer.content.decode()]
    return [answer.status_code for answer in answers]


# Addresses


UNKNOWN = "flask nowhere flask-vs- -vs- nowhere-vs-nowhere flask-VS-django"


def test_comparison_of_what_is_unknown_is_not_found(client, knowledge):
    long = ["x" * 2000, "-vs-".join(["x" * 20] * 80), "flask-vs-" + "x" * 2000]
    for slugs in (*UNKNOWN.split(), "django-vs-flask-vs-nowhere", *long):
        assert client.get(f"/compare/{slugs}/").status_code == 404, slugs


def test_comparison_of_seven_frameworks_is_not_found(client, knowledge):
    slugs = [make.make_framework().slug for _ in range(5)]
    six = "-vs-".join(sorted([*slugs, "flask"]))
    seven = "-vs-".join(sorted([*slugs, "django", "flask"]))

    assert client.get(f"/compare/{six}/").status_code == 200
    assert client.get(f"/compare/{seven}/").status_code == 404


@pytest.mark.parametrize("folder", ["frameworks", "features", "sources", "compare"])
def test_odd_slug_is_not_found(client, knowledge, folder):
    for slug in ("x" * 2000, "²", "a b", "..", "%2e%2e%2f", "Flask", "<script>"):
        assert client.get(f"/{folder}/{slug}/").status_code == 404, slug


@pytest.mark.parametrize("folder", ["frameworks", "advisor/results", "admin", "static"])
def test_nul_in_an_address_is_a_bad_request(client, knowledge, folder):
    assert client.get(f"/{folder}/a%00b/").status_code in (400, 404)


def test_method_that_a_page_does_not_offer_is_refused(client, addresses):
    for address in addresses:
        # Forms are posted there.
        takes_posts = address.startswith("/suggest/") or address.endswith(
            ("/advisor/", "/groups/", "/delete/")
        )
        for method in ["put", "patch", "delete", *["post"] * (not takes_posts)]:
            status = getattr(client, method)(address).status_code
            assert status == 405, (method, address)


# Lists, filters and search


FACETS = {
    "/frameworks/": "q kind provides at_least fits lacks match",
    "/extensions/": "q framework feature kind maintenance",
    "/sources/": "q kind disputes",
    "/disagreements/": "section feature framework",
    "/search/": "q unknown",
    "/compare/": "frameworks",
    "/compare/django-vs-flask/": "differences group rows show",
    "/changes/": "since framework source kind",
    "/features/orm/": "level code",
    "/sources/blog/": "only page",
    "/measurements/": "page",
    "/measurements/measurements/": "has_preview",
    "/advisor/": "project priority-learning team_knows",
    "/advisor/interview/": "project priority-learning again",
}


@pytest.mark.parametrize("address", FACETS)
def test_nonsense_in_an_address_never_fails(client, knowledge, address):
    for field in FACETS[address].split():
        found = statuses(client, address, field, [v for v in NONSENSE if v != NUL])

        # What a matrix does not know, it leaves out.
        assert set(found) <= ({200, 302} if "-vs-" in address else {200}), field
        # No address may hold a NUL.
        assert client.get(address, {field: NUL}).status_code == 400


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/frameworks/", "kind=nonsense provides=nonsense provides=microservice"),
        ("/frameworks/", "at_least=none fits=orm lacks=microservice match=nonsense"),
        ("/extensions/", "framework=nonsense feature=microservice maintenance=x"),
        ("/sources/", "kind=nonsense"),
        ("/disagreements/", "section=core feature=orm framework=nonsense"),
        ("/changes/", "since=yesterday kind=nonsense"),
    ],
)
def test_filter_that_makes_no_sense_shows_a_message_and_nothing_else(
    client, knowledge, address, queries
):
    for query in queries.split():
        response = client.get(f"{address}?{query}")

        field, _, _ = query.partition("=")
        assert list(response.context["filter"].form.errors) == [field]
        assert list(response.context["object_list"]) == []
        assert "Part of the filter was not understood" in read(response).text


LISTS = "frameworks extensions sources comparisons disagreements changes"


@pytest.mark.parametrize("name", LISTS.split())
def test_page_that_a_list_does_not_have_is_not_found(client, knowledge, name):
    assert set(statuses(client, f"/{name}/", "page", NO_PAGES)) == {404}
    assert set(statuses(client, f"/{name}/", "page", ["", "1", "last"])) == {200}
    assert client.get(f"/{name}/", {"page": NUL}).status_code == 400


@pytest.mark.parametrize("address", ["/sources/blog/", "/features/orm/?level=built_in"])
def test_page_about_one_thing_shows_its_nearest_page(client, knowledge, address):
    for page in NO_PAGES:
        sign = "&" if "?" in address else "?"
        assert client.get(f"{address}{sign}page={page}").status_code == 200


def test_thousands_of_parameters_are_a_bad_request(client, knowledge):
    many = {f"field-{number}": 1 for number in range(6100)}

    assert client.get("/search/", many).status_code == 400
    assert client.post("/advisor/", many).status_code == 400


# The advisor


FIELDS = ["project", "priority-learning", "must_haves", "team_knows", "candidates"]


@pytest.mark.parametrize("value", NONSENSE[1:], ids=lambda value: value[:8])
def test_answers_that_are_not_offered_are_refused_at_their_fields(
    client, knowledge, value
):
    response = client.post("/advisor/", dict.fromkeys(FIELDS, value))

    assert response.status_code == 200
    errors = response.context["form"].errors.as_data()
    codes = {name: [error.code for error in found] for name, found in errors.items()}
    assert codes == {field: ["invalid_choice"] for field in FIELDS}
    assert not [text for text in ACTIVE if text in response.content.decode()]
    assert not Advice.objects.exists()


def test_form_in_another_encoding_is_a_page(client, knowledge):
    response = client.post(
        "/advisor/",
        b"project=%ff%fe&must_haves=\xff",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 200


# Markup


@pytest.fixture
def marked(knowledge):
    """The small knowledge base with markup in every text of every row."""
    write_everywhere(all_rows(), f"{{pk}}{MARKUP}")
    return knowledge


def test_markup_in_any_text_shows_as_text(client, marked):
    ask_advisor(client)
    ask_advisor(client, {**ANSWERS, "must_haves": ["admin-interface"]})
    pages = {address: client.get(address) for address in public_addresses()}
    pages["/search/?q=script"] = client.get("/search/?q=script")

    shown = 0
    for address, response in pages.items():
        assert response.status_code == 200, address
        if is_page(response):
            content = response.content.decode()
            shown += content.count("&lt;script&gt;alert(1)&lt;/script&gt;")
            assert not [text for text in ACTIVE if text in content], address
            assert not [
                name
                for _, attrs in read(response).tags
                for name in attrs
                if name.startswith("on")
            ], address
        else:
            assert response["Content-Type"] == "application/json"
            assert response["X-Content-Type-Options"] == "nosniff"
    # In every row that some page shows.
    assert shown > 200


def desk_addresses():
    """Every page of the desk that a GET opens, with a row of each model."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        row = model._base_manager.first()
        yield reverse(f"{name}_add")
        if row is not None:
            for page in ("change", "history", "delete"):
                yield reverse(f"{name}_{page}", args=[row.pk])
    yield from (
        "/admin/",
        "/admin/queue/",
        "/admin/audit/",
        "/admin/comparisons/matrix/framework/flask/?edit=orm",
        "/admin/comparisons/matrix/feature/orm/",
        "/admin/advisor/preview/",
        "/admin/advisor/audit/",
        "/admin/advisor/personas/",
    )


def test_markup_in_any_text_shows_as_text_to_editors_too(marked, admin_client):
    opened = 0
    for address in list(desk_addresses()):
        response = admin_client.get(address)
        # Nothing was recorded of what the tests began with.
        assert response.status_code in (200, 403, 404), address
        opened += response.status_code == 200
        content = response.content.decode()
        assert not [text for text in ACTIVE if text in content], address
    assert opened > 80


def test_nothing_can_be_sent_from_the_preview(admin_client, knowledge):
    policy = admin_client.get("/admin/advisor/preview/")["Content-Security-Policy"]

    assert "form-action 'none'" in policy


@pytest.mark.parametrize(
    "query",
    ["?_to_field=", "?_to_field=citations", "?id__in=99999999999999999999", "?e=1"],
)
def test_nonsense_in_the_address_of_a_desk_page_is_no_failure(
    admin_client, knowledge, query
):
    admin_client.raise_request_exception = False
    change = reverse("admin:comparisons_finding_change", args=[knowledge.flask_orm.pk])
    for address in (change, "/admin/comparisons/finding/", "/admin/auth/user/"):
        assert admin_client.get(f"{address}{query}").status_code < 500


@pytest.mark.parametrize(
    "query",
    [
        "{column}__regex=([",
        "{column}__range=x",
        "{column}__year=0",
        "{column}__date__year=0",
        "{column}__contains=x",
        f"q={'+'.join(['word'] * 1200)}",
    ],
)
def test_no_list_of_the_desk_fails_for_what_it_does_not_offer(
    admin_client, knowledge, query
):
    admin_client.raise_request_exception = False
    for model in admin.site._registry:
        columns = {type(each): each.name for each in model._meta.concrete_fields}
        address = desk_address(model, "changelist")
        for column in columns.values() if "{column}" in query else [""]:
            asked = f"{address}?{query.format(column=column)}"
            assert admin_client.get(asked).status_code in (200, 302, 400), asked


def test_number_beyond_the_database_is_refused(admin_client, knowledge):
    admin_client.raise_request_exception = False
    address = reverse("admin:comparisons_disagreement_add")
    posted = {"question": "Which?", "frameworks": "99999999999999999999"}

    assert admin_client.post(address, posted).status_code < 500


def test_question_cannot_be_published_before_it_has_choices(admin_client, knowledge):
    posted = {"slug": "new", "text": "New?", "kind": "project", "status": "published"}

    response = admin_client.post(reverse("admin:advisor_question_add"), posted)

    assert response.status_code == 200
    assert "It has no choices yet" in read(response).text


UNSAFE_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://",
    "data:text/html,<script>alert(1)</script>",
    "ftp://files.example/",
    "//files.example/",
    " https://files.example/",
]


def test_every_address_is_a_web_address():
    """Each field of its kind is guarded by the database as well."""
    for model in knowledge_models():
        guarded = {
            constraint.condition.children[0][0]
            for constraint in model._meta.constraints
            if constraint.name.endswith("_is_web")
        }
        for field in model._meta.get_fields():
            if isinstance(field, models.URLField):
                assert isinstance(field, WebAddressField), field
                assert field.name in guarded, field


@pytest.mark.parametrize("unsafe", UNSAFE_ADDRESSES)
def test_address_that_is_no_web_address_is_refused(db, unsafe):
    row = make.make_source()
    row.url = unsafe

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert "url" in refusal.value.error_dict
    with pytest.raises(IntegrityError):
        Source.objects.update(url=unsafe)


@pytest.mark.parametrize("slug", ["<script>", "a/b", "ä b", "javascript:alert(1)", ""])
def test_slug_that_is_no_part_of_an_address_is_refused(slug):
    with pytest.raises(ValidationError) as refusal:
        Framework(slug=slug).clean_fields()

    assert "slug" in refusal.value.error_dict

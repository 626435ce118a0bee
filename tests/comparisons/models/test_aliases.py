"""Old addresses lead to what was renamed or merged."""

import pytest
from django.core.exceptions import ValidationError

from comparisons.choices import Status
from comparisons.history.recording import change_set, record_present_state
from comparisons.history.undoing import undo
from comparisons.knowledge import exporting, loading
from comparisons.knowledge.loading import Finder
from comparisons.models import Alias, Comparison, Framework, Source, Suggestion
from comparisons.suggestions import forms
from tests import factories as make

pytestmark = pytest.mark.django_db


def rename(row, slug):
    return make.change(type(row).objects.get(pk=row.pk), slug=slug)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("flask", "/frameworks/flask/?page=2"),
        ("flask", "/frameworks/flask/feed/"),
        ("flask", "/frameworks/flask/orm/"),
        ("orm", "/frameworks/flask/orm/"),
        ("flask", "/frameworks/flask/facts/license/"),
        ("django", "/frameworks/django/adopters/django-mozilla/"),
        ("flask", "/changes/?kind=edit&framework=flask"),
        ("flask", "/disagreements/?framework=flask"),
        ("flask", "/suggest/finding/flask/orm/"),
        ("flask", "/suggest/fact/flask/license/"),
        ("orm", "/features/orm/?page=2"),
        ("orm", "/changes/?feature=orm"),
        ("orm", "/frameworks/?provides=orm"),
        ("orm", "/frameworks/?provides=orm&provides=routing&lacks=admin-interface"),
        ("orm", "/frameworks/?provides=routing&provides=orm"),
        ("orm", "/suggest/finding/flask/orm/"),
        ("blog", "/sources/blog/?page=2"),
        ("blog", "/changes/?source=blog"),
        ("blog", "/suggest/source/blog/"),
    ],
)
def test_former_address_redirects_for_good(knowledge, client, name, address):
    rename(getattr(knowledge, name), "renamed")

    response = client.get(address)

    assert response.status_code == 301
    assert response.url == address.replace(f"/{name}/", "/renamed/").replace(
        f"={name}", "=renamed"
    )
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize("odd", ["nobody", "ü", "nobody&framework=nothing"])
def test_list_of_what_was_never_there_stays_where_it_is(knowledge, client, odd):
    response = client.get(f"/changes/?framework={odd}")

    assert response.status_code == 200
    assert "framework" in response.context["filter"].errors


def test_suggestion_is_taken_although_its_framework_was_renamed_meanwhile(
    knowledge, client
):
    address = "/suggest/finding/flask/orm/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "QUICKEST", 0)
        token = client.get(address).context["form"]["seen"].value()
        rename(knowledge.flask, "carafe")
        posted = {"problem": "It is out of date.", "seen": token}

        response = client.post(address, posted, follow=True)

    assert response.status_code == 200
    assert Suggestion.objects.get().finding == knowledge.flask_orm


def test_renaming_twice_makes_no_chain(client):
    framework = make.make_framework(slug="first")

    rename(rename(framework, "second"), "third")

    for slug in ("first", "second"):
        assert client.get(f"/frameworks/{slug}/").url == "/frameworks/third/"


def test_own_former_slug_can_be_taken_back(client):
    framework = make.make_framework(slug="first")

    rename(rename(framework, "second"), "first")

    assert list(Alias.objects.values_list("slug", flat=True)) == ["second"]
    assert client.get("/frameworks/first/").status_code == 200


def test_living_slug_comes_before_a_former_one(knowledge, client):
    rename(knowledge.flask, "carafe")
    make.make_framework(slug="flask", name="Another")

    assert client.get("/frameworks/flask/").status_code == 200
    assert client.get("/suggest/finding/flask/orm/").status_code == 404


def test_form_refuses_a_slug_that_still_leads_elsewhere(knowledge):
    rename(knowledge.blog, "second")

    with pytest.raises(ValidationError, match="still leads there") as refused:
        Source(slug="blog", title="Another", kind="blog").full_clean()

    assert list(refused.value.error_dict) == ["slug"]


def publish(row):
    make.change(row, status=Status.PUBLISHED)


def test_name_that_was_never_public_stays_unknown(client):
    framework = make.make_framework(slug="first", draft=True)
    with change_set():
        framework = rename(framework, "second")
        publish(framework)

    assert client.get("/frameworks/first/").status_code == 404
    assert not Alias.objects.exists()
    assert Finder(is_first=False).find(Framework, slug="first") == framework


def test_name_that_was_public_once_is_kept_although_it_was_withdrawn_since(client):
    with change_set():
        framework = make.make_framework(slug="first")
    make.edit(framework, status=Status.DRAFT)
    rename(rename(framework, "second"), "third")

    publish(Framework.objects.get())

    assert client.get("/frameworks/first/").url == "/frameworks/third/"
    assert client.get("/frameworks/second/").status_code == 404


def test_comparison_follows_its_frameworks(knowledge, client):
    rename(knowledge.flask, "carafe")

    response = client.get("/compare/flask-vs-django/?differences=1")

    assert response.status_code == 301
    assert response.url == "/compare/carafe-vs-django/?differences=1"
    assert Comparison.objects.get().slug == "carafe-vs-django"
    missing = client.get("/compare/flask-vs-unheard/", follow=True)
    assert missing.status_code == 404


def test_undo_of_a_renaming_takes_the_alias_back(client):
    framework = make.make_framework(slug="first")
    record_present_state()
    with change_set() as renaming:
        rename(framework, "second")

    undo([renaming])

    assert not Alias.objects.exists()
    assert client.get("/frameworks/first/").status_code == 200


def test_former_slugs_are_part_of_the_files(knowledge, tmp_path):
    for row in (knowledge.flask, knowledge.orm, knowledge.blog, knowledge.extension):
        make.make_alias(row, slug="older")
    exporting.export(tmp_path)
    Alias.objects.all().delete()

    loading.load(loading.read_records(tmp_path))

    assert Alias.objects.filter(slug="older").count() == 4
    assert exporting.export(tmp_path) == []


def test_file_that_calls_something_by_its_former_slug_is_understood():
    source = rename(make.make_source(slug="first"), "second")

    assert Finder(is_first=False).find(Source, slug="first") == source


def test_saving_other_fields_makes_no_alias():
    framework = make.make_framework()
    framework.slug = "unsaved"

    framework.save(update_fields=["tagline"])

    assert not Alias.objects.exists()
    assert not Framework.objects.filter(slug="unsaved").exists()

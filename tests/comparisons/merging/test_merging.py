"""Duplicates become one row, and nothing that hung on them is lost."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey

from comparisons.choices import ChangeKind, FactKind, FeatureKind, Level, Stance, Status
from comparisons.history.undoing import undo
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.merging import MERGEABLE, Merge, MergeRefused, merge
from comparisons.merging.relations import relations, unique_with
from comparisons.models import (
    Alias,
    ChangeSet,
    Citation,
    Comparison,
    Extension,
    Feature,
    Finding,
    Framework,
    Source,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

OURS = [
    model
    for app in ("comparisons", "advisor")
    for model in apps.get_app_config(app).get_models()
]


def make_pair(**fields):
    """Two frameworks that are one: what is kept, and its double."""
    return make.make_framework(slug="kept"), make.make_framework(slug="gone", **fields)


def make_rated(mine, theirs, **feature):
    """Such a pair, and the finding that each has on one feature, of these fields."""
    pair, feature = make_pair(), make.make_feature(**feature)
    return *pair, *(
        make.make_finding(framework=framework, feature=feature, **fields)
        for framework, fields in zip(pair, (mine, theirs), strict=True)
    )


def stored(row):
    return type(row).objects.get(pk=row.pk)


# Sources


def test_merged_source_has_the_citations_and_the_address_of_both(client):
    kept, gone = make.make_source(slug="kept"), make.make_source(slug="gone")
    finding = make.make_finding(cited={"source": kept})
    make.make_citation(finding=finding, source=gone)

    report = merge(kept, gone)

    assert kept.citations.count() == 2
    assert len(report.moved) == 1
    assert not Source.objects.filter(slug="gone").exists()
    response = client.get("/sources/gone/")
    assert (response.status_code, response.url) == (301, "/sources/kept/")


def test_empty_fields_are_filled_and_notes_are_joined():
    kept = make.make_source(author="", note="Read twice.", framework=None)
    gone = make.make_source(author="Ada", note="Read once.", title="Another title")

    report = merge(kept, gone)

    kept = stored(kept)
    assert kept.author == "Ada"
    assert kept.note.startswith("Read twice.")
    assert "Read once." in kept.note
    assert gone.url in kept.note
    assert (stored(kept), "title", kept.title, "Another title") in report.given_up


def test_source_that_two_frameworks_share_belongs_to_none():
    kept = make.make_source(framework=make.make_framework())
    gone = make.make_source(framework=make.make_framework())

    merge(kept, gone)

    assert stored(kept).framework is None


# Extensions


def test_merged_extension_is_named_once_by_each_finding():
    kept, gone = make.make_extension(), make.make_extension(features=[orm()])
    provider = make.make_finding(
        level=Level.THIRD_PARTY, extension=gone, alternatives=[kept]
    )
    other = make.make_finding(alternatives=[gone, kept])

    merge(kept, gone)

    assert stored(provider).extension == kept
    assert not provider.alternatives.exists()
    assert list(other.alternatives.all()) == [kept]
    assert kept.features.count() == 1


def orm():
    return make.make_feature(slug="orm")


# Frameworks


def test_findings_that_agree_become_one_with_all_citations():
    kept, gone, mine, _ = make_rated({"note": "Mine."}, {"note": "Theirs."})
    make.make_finding(framework=gone)

    merge(kept, gone)

    mine = stored(mine)
    assert kept.findings.count() == 2
    assert [c.stance for c in mine.citations.all()] == [Stance.SUPPORTS] * 2
    assert mine.status == Status.PUBLISHED
    assert mine.note == "Mine.\n\nTheirs."


def test_findings_that_differ_are_contested_and_wait_for_review():
    kept, gone, mine, other = make_rated(
        {"level": Level.HIGH}, {"level": Level.LOW}, kind=FeatureKind.QUALITY
    )
    for level, key in ((Level.HIGH, "for-mine"), ("", "against-low")):
        make.make_citation(finding=other, key=key, level=level, stance=Stance.DISPUTES)

    report = merge(kept, gone)

    mine = stored(mine)
    assert (mine.level, mine.status) == (Level.HIGH, Status.IN_REVIEW)
    assert "said: Low." in mine.reason
    assert report.to_review == [mine]
    stances = {c.key: (c.stance, c.level) for c in mine.citations.all()}
    assert stances.pop("for-mine") == (Stance.SUPPORTS, Level.HIGH)
    assert stances.pop("against-low") == (Stance.CONTEXT, "")
    assert (Stance.DISPUTES, Level.LOW) in stances.values()


def test_known_answer_fills_an_unknown_one():
    kept, gone, mine, other = make_rated(
        {"level": Level.UNKNOWN, "at_least": Level.MANUAL}, {"level": Level.OFFICIAL}
    )

    merge(kept, gone)

    mine = stored(mine)
    assert (mine.level, mine.at_least) == (Level.OFFICIAL, "")
    assert mine.extension == other.extension
    assert mine.status == Status.PUBLISHED


def test_package_of_the_answer_that_goes_becomes_an_alternative():
    package = {"level": Level.THIRD_PARTY}
    kept, gone, mine, other = make_rated(package, package)

    merge(kept, gone)

    assert stored(mine).extension == mine.extension
    assert list(mine.alternatives.all()) == [other.extension]


def test_facts_and_adopters_of_one_name_become_one():
    kept, gone = make_pair()
    for framework, licence in ((kept, "MIT"), (gone, "BSD")):
        make.make_fact(framework=framework, kind=FactKind.LICENSE, value=licence)
        make.make_adopter(framework=framework, name="Example Ltd")

    merge(kept, gone)

    fact, adopter = kept.facts.get(), kept.adopters.get()
    assert (fact.value, fact.status) == ("MIT", Status.IN_REVIEW)
    assert sorted(c.stance for c in fact.citations.all()) == ["disputes", "supports"]
    assert (adopter.status, adopter.citations.count()) == (Status.PUBLISHED, 2)


def test_comparison_gets_the_address_of_what_is_kept(client):
    kept, gone = make_pair()
    other = make.make_framework(slug="other")
    curated = make.make_comparison(frameworks=[gone, other], introduction="Our words.")
    doubled = make.make_comparison(frameworks=[kept, gone])

    merge(kept, gone)

    assert stored(curated).slug == "kept-vs-other"
    assert stored(doubled).status == Status.RETIRED
    response = client.get("/compare/gone-vs-other/?differences=1")
    assert response.status_code == 301
    assert response.url == "/compare/kept-vs-other/?differences=1"
    assert "Our words." in client.get(response.url).content.decode()
    joined = client.get("/compare/gone-vs-kept/", follow=True)
    assert joined.redirect_chain[-1] == ("/frameworks/kept/", 301)


def test_second_comparison_of_the_same_frameworks_is_retired():
    kept, gone = make_pair()
    other = make.make_framework(slug="other")
    stays = make.make_comparison(frameworks=[kept, other])
    retires = make.make_comparison(frameworks=[gone, other])

    report = merge(kept, gone)

    assert stored(stays).is_published
    assert stored(retires).status == Status.RETIRED
    assert report.retired == [retires]


# What readers did not see


def test_what_hung_on_a_draft_waits_for_review():
    kept, gone = make_pair(draft=True)
    feature = make.make_feature()
    enriched = make.make_finding(framework=kept, feature=feature)
    make.make_finding(framework=gone, feature=feature)
    moved = make.make_finding(framework=gone)
    untouched = make.make_finding(framework=kept)

    merge(kept, gone)

    assert stored(enriched).status == Status.IN_REVIEW
    assert stored(moved).status == Status.IN_REVIEW
    assert stored(untouched).status == Status.PUBLISHED


@pytest.mark.parametrize(
    ("note", "status"), [("Not yet.", Status.IN_REVIEW), ("", Status.PUBLISHED)]
)
def test_draft_becomes_public_by_no_double_and_an_empty_one_takes_nothing(note, status):
    kept, gone, mine, _ = make_rated({}, {"draft": True, "note": note})

    merge(kept, gone)

    assert stored(mine).status == status


# The whole


def test_nothing_merges_with_itself_with_another_kind_or_into_a_draft():
    source, framework = make.make_source(), make.make_framework()
    draft = make.make_framework(draft=True)

    for kept, going in (
        (source, [source]),
        (source, []),
        (source, [framework]),
        # Readers see what would go.
        (draft, [framework]),
    ):
        with pytest.raises(MergeRefused):
            merge(kept, *going)


def test_several_become_one_with_their_former_addresses(client):
    kept, first, second = (make.make_framework(slug=s) for s in ("kept", "a", "b"))
    make.make_alias(first, slug="older")
    feature = make.make_feature()
    for framework in (first, second):
        make.make_finding(framework=framework, feature=feature)

    merge(kept, first, second)

    assert kept.findings.get().citations.count() == 2
    for slug in ("a", "b", "older"):
        assert client.get(f"/frameworks/{slug}/").url == "/frameworks/kept/"


@pytest.mark.parametrize(
    "names",
    [["flask", "django"], ["django", "flask"], ["flask_docs", "blog", "django_docs"]],
)
def test_undo_brings_everything_back(recorded, client, names):
    before = LIBRARY.files()
    kept, *gone = (getattr(recorded, name) for name in names)
    addresses = [row.get_absolute_url() for row in gone]

    merge(kept, *gone, reason="They are one")
    merge(Extension.objects.get(slug="peewee"), recorded.extension)
    after = LIBRARY.files()
    undoing = undo(ChangeSet.objects.filter(kind=ChangeKind.MERGE))

    assert LIBRARY.files() == before
    assert not Alias.objects.filter(slug__in=[row.slug for row in gone]).exists()
    assert {client.get(address).status_code for address in addresses} == {200}
    undo([undoing])
    assert LIBRARY.files() == after


def test_merge_does_what_was_shown_or_nothing(knowledge):
    foretold = Merge(knowledge.flask, [knowledge.django]).report
    extra = make.make_pro_con(framework=knowledge.django)

    with pytest.raises(MergeRefused, match="meanwhile"):
        merge(knowledge.flask, knowledge.django, shown=foretold.stamp())

    assert Framework.objects.count() == 2
    extra.delete()

    done = merge(knowledge.flask, knowledge.django, shown=foretold.stamp())

    assert done.moved == foretold.moved
    assert len(done.joined) == len(foretold.joined) > 0


def test_merge_that_the_database_refuses_says_which_promise_it_breaks(
    knowledge, monkeypatch
):
    def break_a_promise(merging):
        make.make_source(url=knowledge.blog.url)

    monkeypatch.setattr(Merge, "run", break_a_promise)

    with pytest.raises(MergeRefused, match="^Another source has this address already"):
        merge(knowledge.blog, make.make_source())


def test_looking_at_a_merge_takes_as_many_queries_for_more_rows(
    knowledge, django_assert_max_num_queries
):
    for _ in range(10):
        make.make_finding(framework=knowledge.django)
        twin = make.make_feature()
        make.make_finding(framework=knowledge.flask, feature=twin)
        make.make_finding(framework=knowledge.django, feature=twin)

    with django_assert_max_num_queries(60):
        str(vars(Merge(knowledge.flask, [knowledge.django]).report))


# Relations that are added later


@pytest.mark.parametrize("model", [*MERGEABLE, Feature, Finding, Comparison, Citation])
def test_every_relation_is_handled(model):
    found = relations(model)

    for relation in found:
        if not relation.many_to_many:
            unique_with(relation.related_model, relation.field.name)
    pointing = {
        (other, f.name)
        for other in OURS
        if not other.__name__.startswith("Historical")
        for f in [*other._meta.concrete_fields, *other._meta.many_to_many]
        if f.is_relation
        and f.related_model is model
        # The list of what a set changed tells what was.
        and (f.many_to_many or f.db_constraint)
    }
    assert {(r.related_model, r.field.name) for r in found} == pointing


def test_nothing_points_at_rows_without_a_key():
    """Merging does not know of generic keys; somebody has to teach it first."""
    assert not [
        model
        for model in OURS
        if any(isinstance(f, GenericForeignKey) for f in model._meta.private_fields)
    ]

"""Files into rows and back, with small files of the test's own and the shipped."""

import shutil
from textwrap import dedent

import pytest
from django.apps import apps

from advisor.models import Conflict, Kinship, Persona, Preset, Question, Theme
from comparisons.choices import Level, Side, Stance, Status
from comparisons.knowledge import loading
from comparisons.knowledge.catalogue import LIBRARY
from comparisons.knowledge.documents import parse, render
from comparisons.knowledge.exporting import export
from comparisons.knowledge.loading import Change
from comparisons.knowledge.shapes import KnowledgeError
from comparisons.models import (
    Citation,
    CodeSample,
    Comparison,
    Disagreement,
    Extension,
    Feature,
    FeatureGroup,
    Finding,
    Framework,
    KnowledgeVersion,
    LoadedRecord,
    ProCon,
    Source,
    Task,
)
from comparisons.models.history import paused
from tests.conftest import is_history
from tests.factories import make_finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(knowledge, tmp_path):
    """The small knowledge base as files, and an empty database."""
    export(tmp_path)
    with paused():
        forget()
    return tmp_path


def forget():
    for model in [
        Persona,
        Preset,
        Conflict,
        Kinship,
        Question,
        Theme,
        Comparison,
        Disagreement,
        Task,
        Framework,
        Extension,
        Source,
        Feature,
        FeatureGroup,
        LoadedRecord,
    ]:
        model.objects.all().delete()


def load(folder):
    loading.load(loading.read_records(folder))


def update(folder):
    changes = loading.compare(folder)
    loading.load([record for change, record, _ in changes if change != Change.KEPT])


def differences(folder):
    return {record.label: change for change, record, _ in loading.compare(folder)}


def edit(path, change):
    """Give the content of the YAML file at ``path`` to ``change`` and write it back."""
    content = parse(path)
    change(content)
    path.write_text(render(content))


def finding_in(content, feature):
    [finding] = [row for row in content["findings"] if row["feature"] == feature]
    return finding


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# Loading


def test_loading_fills_an_empty_knowledge_base(folder):
    load(folder)

    finding = Finding.objects.get(framework__slug="flask", feature__slug="orm")
    assert finding.answer == Level.THIRD_PARTY
    assert finding.status == Status.PUBLISHED
    assert finding.extension.slug == "flask-sqlalchemy"
    assert [citation.key for citation in finding.supporting] == ["flask-orm-1"]


def test_loading_gives_rows_the_order_of_the_file(folder):
    load(folder)

    assert list(FeatureGroup.objects.values_list("slug", "position")) == [
        ("core", 1),
        ("judged", 2),
        ("uses", 3),
    ]


def test_loading_fills_the_questionnaire(folder):
    load(folder)

    theme = Theme.objects.get(slug="batteries")
    shares = {share.feature.slug: float(share.share) for share in theme.shares.all()}
    assert shares == {"orm": 0.6, "admin-interface": 0.4}


def test_loading_twice_is_harmless(folder):
    load(folder)
    counts = counted()

    load(folder)

    assert counted() == counts
    assert differences(folder) == {}


def counted():
    return {
        model._meta.label: model._base_manager.count()
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model is not KnowledgeVersion and not is_history(model)
    }


def test_status_in_the_file_is_kept(folder):
    path = folder / "frameworks/flask.yaml"
    edit(path, lambda content: finding_in(content, "orm").update(status="in_review"))

    load(folder)

    assert Finding.objects.exclude(status="published").get().feature.slug == "orm"


def test_sources_of_a_framework_are_told_from_shared_ones(folder):
    load(folder)

    owners = dict(Source.objects.values_list("slug", "framework__slug"))
    assert owners == {"flask-docs": "flask", "django-docs": "django", "blog": None}


# What the files may not say. Each message names the record and the promise.


def without_citations(content):
    del finding_in(content, "orm")["citations"]


def only_disputed(content):
    for citation in finding_in(content, "orm")["citations"]:
        citation["stance"] = "disputes"


def of_another_kind(content):
    finding_in(content, "orm")["level"] = "very_high"


def of_no_kind(content):
    finding_in(content, "orm")["level"] = "excellent"


def without_package(content):
    del finding_in(content, "orm")["extension"]


def with_unknown_package(content):
    finding_in(content, "orm")["extension"] = "flask-orm"


def with_unknown_source(content):
    finding_in(content, "orm")["citations"][0]["source"] = "hearsay"


def with_misspelt_field(content):
    finding_in(content, "orm")["ntoe"] = "Flask brings none."


def with_misspelt_field_of_a_citation(content):
    finding_in(content, "orm")["citations"][0]["sayz"] = "It is there."


def with_unsaid_passage(content):
    del finding_in(content, "orm")["citations"][0]["says"]


def with_bounds(content):
    finding_in(content, "orm")["at_most"] = "built_in"


def twice(content):
    content["findings"].append(finding_in(content, "orm"))


def citing_twice(content):
    passage = finding_in(content, "routing")["citations"][0]
    finding_in(content, "orm")["citations"].append(passage)


def with_text_for_citations(content):
    finding_in(content, "orm")["citations"] = "the documentation"


@pytest.mark.parametrize(
    ("spoil", "promise"),
    [
        (without_citations, "Nothing is published without a supporting citation"),
        (only_disputed, "Nothing is published without a supporting citation"),
        (of_another_kind, "A level belongs to the kind of its feature"),
        (of_no_kind, "level: Value 'excellent' is not a valid choice"),
        (without_package, "A feature that a package provides names the package"),
        (with_unknown_package, "the extension “flask-orm”, which does not exist"),
        (with_unknown_source, "the source “hearsay”, which does not exist"),
        (with_misspelt_field, "has no field ntoe"),
        (with_misspelt_field_of_a_citation, "has no field sayz"),
        (with_unsaid_passage, "says: This field cannot be blank"),
        (with_bounds, "a known level needs neither"),
        (twice, "stands in the files twice"),
        (citing_twice, "“flask-routing-1” stands in the files twice"),
        (with_text_for_citations, "“citations” must be a list of mappings"),
    ],
)
def test_message_names_the_record_and_the_promise(folder, spoil, promise):
    edit(folder / "frameworks/flask.yaml", spoil)

    with pytest.raises(KnowledgeError) as caught:
        load(folder)

    assert str(caught.value).startswith("finding flask/orm: ")
    assert promise in str(caught.value)


def test_loading_stores_all_or_nothing(folder):
    edit(
        folder / "questions.yaml",
        lambda content: content["questions"][-1].update(kind="riddle"),
    )

    with pytest.raises(KnowledgeError, match="question candidates"):
        load(folder)

    assert set(counted().values()) == {0}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("frameworks/flask.yaml", "slug: [", "flask.yaml is no readable YAML"),
        ("frameworks/flask.yaml", "- flask", "flask.yaml must hold a mapping"),
        ("sources.yaml", "sources: blog", "“sources” must be a list of mappings"),
        ("sources.yaml", "source: []", "“sources” must be a list of mappings"),
        (
            "frameworks/flask.yaml",
            "slug: flask\nfindings: none",
            "framework flask: “findings” must be a list of mappings",
        ),
        (
            "samples/tasks.yaml",
            "tasks: [{slug: a, samples: [{file: ../../x.py}]}]",
            "“../../x.py”: Write a folder and a file",
        ),
        (
            "samples/tasks.yaml",
            "tasks: [{slug: a, samples: [{framework: flask}]}]",
            "“”: Write a folder and a file",
        ),
        (
            "samples/tasks.yaml",
            "tasks: [{slug: a, samples: [{file: gone/gone.py}]}]",
            "gone/gone.py is missing",
        ),
    ],
)
def test_unreadable_file_is_named(folder, name, text, message):
    (folder / name).write_text(text)

    with pytest.raises(KnowledgeError, match=message):
        load(folder)


def test_folder_has_to_exist(tmp_path):
    with pytest.raises(KnowledgeError, match="nowhere is no folder"):
        load(tmp_path / "nowhere")


# Exporting


def test_loading_and_exporting_again_gives_the_same_bytes(folder):
    before = files_in(folder)
    load(folder)

    changed = export(folder)

    assert changed == []
    assert files_in(folder) == before


def test_order_of_loading_leaves_no_trace(folder):
    # A relation has no order of its own, whatever the file's.
    edit(
        folder / "extensions.yaml",
        lambda content: content["extensions"][0].update(
            features=["routing", "admin-interface", "orm"]
        ),
    )
    load(folder)

    export(folder)

    written = parse(folder / "extensions.yaml")["extensions"][0]["features"]
    assert written == ["admin-interface", "orm", "routing"]


def test_drafts_are_exported_as_drafts(knowledge, tmp_path):
    knowledge.flask_orm.citations.all().delete()

    export(tmp_path)

    content = parse(tmp_path / "frameworks/flask.yaml")
    assert finding_in(content, "orm")["status"] == "draft"
    assert "status" not in finding_in(content, "routing")


def test_edit_differs_in_one_place(folder):
    load(folder)
    before = files_in(folder)
    Finding.objects.filter(feature__slug="orm", framework__slug="flask").update(
        note="Flask brings no mapper of its own."
    )

    export(folder)

    after = files_in(folder)
    [name] = [name for name in before if before[name] != after[name]]
    lines = zip(before[name].splitlines(), after[name].splitlines(), strict=True)
    assert name == "frameworks/flask.yaml"
    assert [new.strip() for old, new in lines if old != new] == [
        b"note: Flask brings no mapper of its own."
    ]


def test_text_as_browsers_send_it_reads_like_any_other(knowledge, tmp_path):
    export(tmp_path)
    task = knowledge.task
    task.description = "Two words.\r\nNo more."
    task.save()
    sample = knowledge.samples[0]
    sample.code = "import flask\r\n\r\nprint()"
    sample.save()

    export(tmp_path)

    [written] = parse(tmp_path / "samples/tasks.yaml")["tasks"]
    code = (tmp_path / "samples" / sample.file).read_bytes()
    assert written["description"] == "Two words.\nNo more."
    assert code == b"import flask\n\nprint()\n"


def test_saving_a_sample_in_a_form_changes_no_byte(folder):
    load(folder)
    sample = CodeSample.objects.first()
    sample.code = sample.code.strip()
    sample.save()

    assert export(folder) == []
    assert differences(folder) == {}


def test_framework_that_is_gone_leaves_no_file(knowledge, tmp_path):
    export(tmp_path)
    knowledge.comparison.delete()
    knowledge.flask.delete()

    changed = export(tmp_path)

    assert tmp_path / "frameworks/flask.yaml" in changed
    assert [path.name for path in (tmp_path / "frameworks").iterdir()] == [
        "django.yaml"
    ]


def test_empty_knowledge_base_overwrites_no_file(folder):
    before = files_in(folder)

    with pytest.raises(KnowledgeError, match="no knowledge"):
        export(folder)

    assert files_in(folder) == before


def test_sample_is_written_nowhere_else(knowledge, tmp_path):
    CodeSample.objects.filter(framework__slug="flask").update(file="../../x.py")

    with pytest.raises(KnowledgeError, match="Write a folder and a file"):
        export(tmp_path)


def test_export_names_the_changed_files(folder):
    load(folder)
    Theme.objects.filter(slug="learning").update(name="Quick to learn")

    assert export(folder) == [folder / "themes.yaml"]


# Updating


def test_update_sees_no_difference_after_loading(folder):
    load(folder)

    assert differences(folder) == {}


def test_update_brings_what_the_files_changed(folder):
    load(folder)
    path = folder / "frameworks/flask.yaml"
    edit(path, lambda content: finding_in(content, "orm").update(note="Changed."))
    assert differences(folder) == {"finding flask/orm": Change.UPDATED}

    update(folder)

    assert Finding.objects.filter(note="Changed.").count() == 1
    assert differences(folder) == {}


def test_update_brings_what_the_files_added(folder):
    load(folder)
    source = {"slug": "book", "title": "A book", "kind": "book"}
    edit(folder / "sources.yaml", lambda content: content["sources"].append(source))
    assert differences(folder) == {"source book": Change.ADDED}

    update(folder)

    assert Source.objects.get(slug="book").title == "A book"


def test_update_removes_what_the_files_left_out(folder):
    load(folder)

    def leave_out(content):
        del finding_in(content, "orm")["note"]
        del finding_in(content, "ease-of-learning")["citations"][1]

    edit(folder / "frameworks/flask.yaml", leave_out)
    update(folder)

    assert not Citation.objects.filter(key="flask-ease-2").exists()
    assert not Finding.objects.filter(note__startswith="Flask brings").exists()


def test_update_may_answer_what_was_unknown(folder):
    unknown = {"feature": "throughput", "level": "unknown"}
    path = folder / "frameworks/flask.yaml"
    edit(path, lambda content: content["findings"].append(unknown))
    load(folder)

    def answer(content):
        passage = dict(finding_in(content, "orm")["citations"][0], key="throughput-1")
        finding_in(content, "throughput").update(level="low", citations=[passage])

    edit(path, answer)
    update(folder)

    finding = Finding.objects.get(framework__slug="flask", feature__slug="throughput")
    assert (finding.level, finding.status) == (Level.LOW, Status.PUBLISHED)


def test_update_settles_whatever_order_passages_stand_in(folder):
    load(folder)

    def put_first(content):
        passages = finding_in(content, "orm")["citations"]
        passages.insert(0, dict(passages[0], key="flask-orm-0"))

    edit(folder / "frameworks/flask.yaml", put_first)
    update(folder)

    assert differences(folder) == {}


def test_update_moves_a_source_that_is_shared_now(folder):
    load(folder)
    source = parse(folder / "frameworks/flask.yaml")["sources"][0]
    edit(folder / "frameworks/flask.yaml", lambda content: content.pop("sources"))
    edit(folder / "sources.yaml", lambda content: content["sources"].append(source))

    update(folder)

    assert Source.objects.get(slug="flask-docs").framework is None


def test_update_moves_a_feature_to_another_group(folder):
    load(folder)

    def move(content):
        core, judged, _ = content["groups"]
        judged["features"].append(core["features"].pop())

    edit(folder / "features.yaml", move)
    update(folder)

    assert Feature.objects.get(slug="admin-interface").group.slug == "judged"


# Edits that an editor can make to something of which the file says otherwise.


def change_the_note(finding):
    finding.note = "Mine."
    finding.save()


def change_the_level(finding):
    finding.level = Level.MANUAL
    finding.save()


def take_it_back(finding):
    finding.status = Status.IN_REVIEW
    finding.save()


def add_a_passage(finding):
    passage = finding.citations.get()
    passage.pk, passage.key, passage.stance = None, "mine", Stance.CONTEXT
    passage.save()


def change_a_passage(finding):
    finding.citations.update(says="Mine.")


def lose_the_support(finding):
    finding.citations.all().delete()


def drop_an_alternative(finding):
    finding.alternatives.clear()


@pytest.mark.parametrize(
    "change",
    [
        change_the_note,
        change_the_level,
        take_it_back,
        add_a_passage,
        change_a_passage,
        lose_the_support,
        drop_an_alternative,
    ],
)
def test_update_never_touches_what_an_editor_changed(folder, change):
    load(folder)
    finding = Finding.objects.get(framework__slug="flask", feature__slug="orm")
    change(finding)
    finding.refresh_from_db()
    form = record_form(finding)
    path = folder / "frameworks/flask.yaml"
    edit(path, lambda content: finding_in(content, "orm").update(since_version="9"))

    changes = differences(folder)
    update(folder)

    finding.refresh_from_db()
    assert changes == {"finding flask/orm": Change.KEPT}
    assert record_form(finding) == form


def record_form(finding):
    [shape] = [
        children.shape
        for document in LIBRARY.documents
        for children in document.shape.records
        if children.shape.model is Finding
    ]
    return shape.dump(Finding.objects.get(pk=finding.pk))


def test_update_brings_nothing_back_that_an_editor_deleted(folder):
    load(folder)
    Finding.objects.get(framework__slug="flask", feature__slug="routing").delete()

    changes = differences(folder)
    update(folder)

    assert changes == {"finding flask/routing": Change.KEPT}
    assert not Finding.objects.filter(
        framework__slug="flask", feature__slug="routing"
    ).exists()


@pytest.mark.parametrize(
    ("model", "slug", "place"),
    [
        (Feature, "orm", {"position": 9}),
        (Feature, "orm", {"group": "uses"}),
        (ProCon, "flask-pro-small", {"side": Side.CON}),
        (Source, "flask-docs", {"framework": None}),
    ],
)
def test_update_leaves_rows_where_an_editor_put_them(folder, model, slug, place):
    load(folder)
    if "group" in place:
        place = {"group": FeatureGroup.objects.get(slug=place["group"])}
    model.objects.filter(slug=slug).update(**place)
    for name in ("features.yaml", "frameworks/flask.yaml"):
        text = (folder / name).read_text()
        for old in ("does one thing", "quick to learn", "Flask docs"):
            text = text.replace(old, f"{old} (changed)")
        (folder / name).write_text(text)

    update(folder)

    assert model.objects.filter(slug=slug, **place).exists()


def test_update_leaves_what_an_editor_entered_under_the_same_name(folder):
    load(folder)
    Extension.objects.create(slug="wagtail", name="Wagtail", summary="Mine.")
    row = {
        "slug": "wagtail",
        "name": "Wagtail",
        "kind": "third_party",
        "maintenance": "active",
    }
    edit(folder / "extensions.yaml", lambda content: content["extensions"].append(row))

    update(folder)

    assert Extension.objects.get(slug="wagtail").summary == "Mine."


def test_edit_that_says_what_the_file_says_is_no_conflict(folder):
    load(folder)
    Theme.objects.filter(slug="learning").update(name="Quick to learn")

    edit(
        folder / "themes.yaml",
        lambda content: content["themes"][0].update(name="Quick to learn"),
    )

    assert differences(folder) == {}


def test_misspelt_field_is_a_difference(folder):
    load(folder)
    edit(folder / "frameworks/flask.yaml", with_misspelt_field)

    assert differences(folder) == {"finding flask/orm": Change.UPDATED}


# The digest


@pytest.mark.parametrize(
    ("content", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (
            {"rows": [{"key": "a"}, {"key": "b"}]},
            {"rows": [{"key": "b"}, {"key": "a"}]},
        ),
        ({"level": Level.HIGH}, {"level": "high"}),
    ],
)
def test_same_content_has_the_same_digest(content, other):
    assert loading.digest(content) == loading.digest(other)


@pytest.mark.parametrize("other", [{"a": 2}, {"b": 1}, {}, {"a": [1]}, {"a": "1"}])
def test_other_content_has_another_digest(other):
    assert loading.digest({"a": 1}) != loading.digest(other)


# YAML


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "two\nlines",
        "ends with a line\n",
        "  indented\n  block",
        "# no comment: “quotes”, 'single' and \"double\"",
        "no",
        "2026-11-20",
        "1.10",
        "tab\there",
        "a" * 200,
        "words " * 60,
        "trailing \nspace",
    ],
)
def test_written_text_reads_back_as_it_was(text, tmp_path):
    path = tmp_path / "text.yaml"
    path.write_text(render({"text": text}))

    assert parse(path) == {"text": text}


def test_paragraphs_are_written_line_by_line():
    text = render({"note": "One.\nTwo."})

    assert text == dedent(
        """\
        note: |-
          One.
          Two.
        """
    )


def test_library_holds_every_model_that_editors_keep():
    shapes = [document.shape for document in LIBRARY.documents]
    models = set()
    while shapes:
        shape = shapes.pop()
        models.add(shape.model)
        shapes += [
            part.shape
            for part in (*shape.fields, *shape.records)
            if hasattr(part, "shape")
        ]

    kept = {
        model
        for app in ("comparisons", "advisor")
        for model in apps.get_app_config(app).get_models()
        if not is_history(model)
    }
    assert {model.__name__ for model in kept - models} == {
        "Advice",
        "AdviceGroup",
        "DeletedAdvice",
        "GroupAdvice",
        "GroupMember",
        # Written as slugs inside the row that they lead to.
        "Alias",
        "KnowledgeVersion",
        "Link",
        "LoadedRecord",
        "PendingImport",
        "PersonaOutcome",
        "Suggestion",
    }


def test_empty_means_nothing_was_entered():
    assert loading.is_empty()

    make_finding()

    assert not loading.is_empty()


# The shipped knowledge


def test_shipped_knowledge_comes_back_with_the_same_bytes(
    shipped_knowledge, settings, tmp_path
):
    shutil.copytree(settings.KNOWLEDGE_DIR, tmp_path, dirs_exist_ok=True)

    assert export(tmp_path) == []


def test_shipped_knowledge_is_what_its_files_say(shipped_knowledge, settings):
    assert differences(settings.KNOWLEDGE_DIR) == {}


def test_shipped_knowledge_is_published_for_both_frameworks(shipped_knowledge):
    slugs = {framework.slug for framework in Framework.objects.published()}

    assert {"flask", "django"} <= slugs


def test_every_loaded_record_is_remembered(shipped_knowledge, settings):
    labels = {record.label for record in loading.read_records(settings.KNOWLEDGE_DIR)}

    assert set(LoadedRecord.objects.values_list("label", flat=True)) == labels

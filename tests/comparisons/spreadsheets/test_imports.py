"""Export, edit, preview, confirm: nothing is lost, and nothing comes in by half."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_init
from django.urls import reverse

from comparisons.choices import ChangeKind, FeatureKind, Side, Stance
from comparisons.history.recording import change_set
from comparisons.history.undoing import undo
from comparisons.models import ChangeSet, Citation, Finding, ProCon, Source, Work
from comparisons.spreadsheets import TABLES, files, rows
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = "2026-11-20"
FORMATS = pytest.mark.parametrize("extension", files.FORMATS)


def address(model, page):
    return reverse(f"desk:{page}-{model._meta.model_name}")


def export(client, model, extension="csv", **filters):
    data = {"format": extension}
    return client.post(address(model, "export"), data, query_params=filters).content


def edited(content, extension, key, **cells):
    """Return an exported file in which the row ``key`` has other ``cells``."""
    rows = [row for _, row in files.read(content)]
    (row,) = (row for row in rows if key in row.values())
    row.update(cells)
    return table(*rows, extension=extension)


def table(*rows, extension="csv"):
    """Return ``rows``, dictionaries with the same names, as a file."""
    texts = [list(row.values()) for row in rows]
    return files.write(extension, "Rows", list(rows[0]), texts)


def upload(client, model, content, name="rows.csv"):
    """Return the page of the work that compares the file, or of what is no file."""
    data = {"file": SimpleUploadedFile(name, content)}
    return client.post(address(model, "import"), data, follow=True)


def confirm(client, response, **data):
    work = response.context["work"]
    return client.post(reverse("desk:confirm-work", args=[work.pk]), data, follow=True)


def compare(editor, model, content):
    """Return the table that has compared the file, without the pages around it."""
    table = TABLES[model](editor)
    list(table.load(files.read(content), is_confirmed=False))
    return table


def told(response):
    return response.context["work"].told


def preview(response):
    """Return what the preview says: (key, column, before, after) of each cell."""
    return [
        (change["name"], *cell)
        for change in told(response)["shown_changes"]
        for cell in change["differences"]
    ]


def problems(response):
    """Return what is refused: (row, column, message)."""
    return [
        (problem["number"], problem["column"], problem["message"])
        for problem in told(response)["shown_problems"]
    ]


def new_finding(feature):
    """Return the row of a draft that rates ``feature``, a quality, for Flask."""
    blank = ["extension", "alternatives", "at_least", "since_version", "stamp"]
    return {
        "framework": "flask",
        "feature": feature.slug,
        "level": "high",
        "status": "draft",
    } | dict.fromkeys(blank, "")


# Round trips


@FORMATS
def test_importing_an_export_changes_nothing(admin_client, recorded, extension):
    sets = ChangeSet.objects.count()

    for model in (Finding, ProCon, Source, Citation):
        content = export(admin_client, model, extension)
        response = upload(admin_client, model, content, f"x.{extension}")

        assert problems(response) == preview(response) == []
        assert not response.context["work"].is_ready
    assert ChangeSet.objects.count() == sets


@FORMATS
def test_one_edited_cell_is_one_difference_and_one_change(
    admin_client, recorded, extension
):
    before, after = "It is quick to learn.", "=1+1 is 2.\nYes"
    content = export(admin_client, ProCon, extension)
    content = edited(content, extension, "flask-pro-small", statement=after)

    shown = upload(admin_client, ProCon, content, f"pros.{extension}")
    assert ProCon.objects.get(slug="flask-pro-small").statement == before
    done = confirm(admin_client, shown, change_reason="Clearer words")
    changes = ChangeSet.objects.first()
    again = upload(admin_client, ProCon, content)

    assert preview(shown) == [("flask-pro-small", "statement", before, after)]
    assert "1 changed" in done.text
    assert ProCon.objects.get(slug="flask-pro-small").statement == after
    assert changes.kind == ChangeKind.IMPORT
    assert changes.reason == f"Import of pros.{extension}: Clearer words"
    assert changes.objects_changed.count() == 1
    assert not any(bytes(work.content) for work in Work.objects.all())
    assert problems(again) == preview(again) == []
    undo([changes])
    assert ProCon.objects.get(slug="flask-pro-small").statement == before


def test_new_rows_go_from_draft_through_citation_to_publication(admin_client, recorded):
    finding = new_finding(recorded.throughput)
    confirm(admin_client, upload(admin_client, Finding, table(finding)))
    citation = {
        "key": "flask-throughput-1",
        "statement": f"finding flask/{recorded.throughput.slug}",
        "source": "blog",
        "stance": "supports",
        "locator": "Figures",
        "says": "It answers quickly.",
        "level": "",
        "accessed_date": "2026-11-02",
        "stamp": "",
    }
    confirm(admin_client, upload(admin_client, Citation, table(citation)))
    content = export(admin_client, Finding, framework__id__exact=recorded.flask.pk)
    content = edited(content, "csv", recorded.throughput.slug, status="Published")

    confirm(admin_client, upload(admin_client, Finding, content))

    stored = Finding.objects.get(framework=recorded.flask, feature=recorded.throughput)
    assert stored.is_published
    assert stored.citations.get().accessed_date == datetime.date(2026, 11, 2)


def test_new_rows_are_named_as_people_name_them_and_need_no_stamp(
    admin_client, recorded
):
    make.make_alias(recorded.flask, slug="flask-framework")
    names = {"framework": " FLASK", "feature": recorded.throughput.name}
    finding = names | {"level": "High", "note": "So it is."}
    citation = {
        "key": "flask-throughput-1",
        "statement": f"finding flask-framework/{recorded.throughput.name.upper()}",
        "source": recorded.blog.title,
        "locator": "Figures",
        "says": "It answers quickly.",
        "accessed_date": DAY,
    }

    for model, row in ((Finding, finding), (Citation, citation)):
        confirm(admin_client, upload(admin_client, model, table(row)))

    stored = Finding.objects.get(framework=recorded.flask, feature=recorded.throughput)
    assert (stored.level, stored.note) == ("high", "So it is.")
    assert stored.citations.get().source == recorded.blog
    again = upload(admin_client, Finding, table(finding | {"note": "Overwritten."}))
    assert "such a row already" in problems(again)[0][2]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"framework": "flsak"}, "Did you mean “flask”?"),
        ({"feature": "thruoghput"}, "Did you mean “throughput”?"),
        ({"level": "very_hihg"}, "Did you mean “very_high”?"),
        ({"framework": "rails"}, "no framework “rails”.\n"),
    ],
)
def test_what_is_nearly_a_name_is_refused_with_that_name(
    admin_user, knowledge, cells, words
):
    row = new_finding(knowledge.throughput) | cells

    [problem] = compare(admin_user, Finding, table(row)).problems

    assert problem.column in cells
    assert words in f"{problem.message}\n"


def test_name_of_two_rows_is_none(admin_user, knowledge):
    for slug in ("one", "two"):
        make.make_source(slug=slug, title="The same", publisher="")
    row = {"key": "k", "statement": "finding flask/orm", "source": "The same"}

    found = compare(admin_user, Citation, table(row)).problems

    assert "There is no source “The same”." in str(found)


# The same rules as the forms


def test_what_a_form_refuses_is_refused_by_row_and_column(admin_client, knowledge):
    stored = make.make_finding(framework=knowledge.flask)
    refused = [
        ({"status": "published"}, "status", "without a supporting citation"),
        ({"status": "done"}, "status", "is none of these"),
        ({"level": "built_in"}, "level", "no level of a feature"),
        ({"level": "best"}, "level", "is none of these"),
        ({"framework": "rails"}, "framework", "no framework “rails”"),
        ({"at_least": "high"}, "", "narrow an unknown level"),
        ({"extension": "nothing"}, "extension", "no extension “nothing”"),
        ({"alternatives": "b; a"}, "alternatives", "no extension “a”"),
        ({"since_version": "1" * 31}, "since_version", "at most 30 characters"),
        ({"feature": ""}, "feature", "has a key"),
        ({"stamp": "s1-2"}, "stamp", "deleted or renamed"),
        ({"feature": stored.feature.slug}, "stamp", "such a row already"),
    ]
    given = [
        new_finding(make.make_feature(kind=FeatureKind.QUALITY)) | cells
        for cells, _, _ in refused
    ]

    response = upload(admin_client, Finding, table(*given))

    found = problems(response)
    assert [(number, column) for number, column, _ in found] == [
        (number, column) for number, (_, column, _) in enumerate(refused, start=2)
    ]
    for (_, _, words), (_, _, message) in zip(refused, found, strict=True):
        assert words in message
    assert not response.context["work"].is_ready


def test_an_error_in_the_last_row_leaves_nothing(admin_client, recorded):
    content = export(admin_client, Source)
    content = edited(content, "csv", "blog", note="Other.")
    shown = upload(admin_client, Source, content)
    pending = Work.objects.get()
    make.change(
        pending, content=bytes(pending.content) + b"new-one,,,,blog,,,,,,,,\r\n"
    )
    sets = ChangeSet.objects.count()

    response = confirm(admin_client, shown)

    assert {column for _, column, _ in problems(response)} == {"title"}
    assert Source.objects.get(slug="blog").note == ""
    assert ChangeSet.objects.count() == sets


def test_a_key_twice_or_too_many_differences_are_refused(
    admin_client, knowledge, monkeypatch
):
    monkeypatch.setattr(rows, "MOST_CHANGES", 1)
    one = new_finding(knowledge.throughput)
    other = new_finding(make.make_feature(kind=FeatureKind.QUALITY))

    twice = upload(admin_client, Finding, table(one, one))
    [(_, _, message)] = problems(upload(admin_client, Finding, table(one, other)))

    assert problems(twice) == [(3, "", "Row 2 has the same key.")]
    assert "in parts" in message


def test_support_may_pass_to_another_passage_and_not_go(admin_client, recorded):
    content = export(admin_client, Citation)
    content = edited(content, "csv", "flask-ease-1", stance="disputes")

    refused = upload(admin_client, Citation, content)
    content = edited(content, "csv", "flask-ease-2", stance="supports")
    confirm(admin_client, upload(admin_client, Citation, content))

    assert [column for _, column, _ in problems(refused)] == ["stance"]
    recorded.contested.refresh_from_db()
    assert recorded.contested.is_published
    assert Citation.objects.get(key="flask-ease-2").stance == Stance.SUPPORTS


def test_level_that_no_passage_asserts_takes_a_decision(admin_client, recorded):
    finding = recorded.django_orm
    finding.citations.update(level=finding.level)
    key = finding.citations.get().key
    rating = edited(
        export(admin_client, Finding, framework__id__exact=finding.framework_id),
        "csv",
        "orm",
        level="manual",
    )
    passage = edited(export(admin_client, Citation), "csv", key, level="manual")

    for model, content, column in [
        (Finding, rating, "decision"),
        (Citation, passage, "level"),
    ]:
        response = upload(admin_client, model, content)
        assert [name for _, name, _ in problems(response)] == [column]


# Nobody's work is overwritten


def test_a_row_changed_since_the_export_is_refused_side_by_side(admin_client, recorded):
    content = export(admin_client, ProCon)
    anna = make.make_editor(username="anna")
    with change_set(editor=anna, reason="Shorter"):
        pro = ProCon.objects.get(slug="flask-pro-small")
        make.change(pro, statement="Quick to learn.")
    content = edited(content, "csv", "flask-pro-small", statement="Fast to learn.")

    response = upload(admin_client, ProCon, content)

    found = {each["column"]: each for each in told(response)["shown_problems"]}
    assert found["statement"]["given"] == "Fast to learn."
    assert found["statement"]["stored"] == "Quick to learn."
    assert "anna changed this" in found["stamp"]["message"]
    assert "Shorter" in found["stamp"]["message"]
    assert "Quick to learn." in response.text


def test_a_side_or_a_citation_changed_since_counts_as_well(admin_client, knowledge):
    content = export(admin_client, ProCon)
    ProCon.objects.filter(slug="flask-con-assembly").update(side=Side.PRO)
    Citation.objects.filter(key="flask-pro-small-1").update(says="Other words.")
    for slug in ("flask-con-assembly", "flask-pro-small"):
        content = edited(content, "csv", slug, matters_when="always")

    response = upload(admin_client, ProCon, content)

    assert len(problems(response)) >= 4
    assert {name for _, name, _ in problems(response)} >= {"stamp", "matters_when"}


def test_a_row_that_the_editor_did_not_touch_stays_as_others_left_it(
    admin_client, recorded
):
    make.make_source(slug="superseded")
    content = export(admin_client, Source)
    Source.objects.filter(slug="blog").update(note="By somebody else.")
    Source.objects.filter(slug="superseded").delete()
    content = edited(content, "csv", "django-docs", note="Mine.")

    shown = upload(admin_client, Source, content)
    confirm(admin_client, shown)

    assert [name for name, *_ in preview(shown)] == ["django-docs"]
    assert Source.objects.get(slug="blog").note == "By somebody else."
    assert Source.objects.get(slug="django-docs").note == "Mine."
    assert not Source.objects.filter(slug="superseded").exists()


def test_a_change_between_preview_and_confirmation_is_refused(admin_client, recorded):
    content = edited(export(admin_client, Source), "csv", "blog", note="Mine.")
    shown = upload(admin_client, Source, content)
    Source.objects.filter(slug="blog").update(note="By somebody else.")

    response = confirm(admin_client, shown)

    assert {column for _, column, _ in problems(response)} == {"note", "stamp"}
    assert Source.objects.get(slug="blog").note == "By somebody else."


def test_a_file_is_confirmed_once_and_by_its_editor_alone(
    admin_client, client, recorded
):
    content = edited(export(admin_client, Source), "csv", "blog", note="Mine.")
    shown = upload(admin_client, Source, content)
    client.force_login(make.make_editor("change_source", "view_source"))

    confirm(client, shown)
    assert Source.objects.get(slug="blog").note == ""
    confirm(admin_client, shown)
    sets = ChangeSet.objects.count()
    again = confirm(admin_client, shown)

    assert Source.objects.get(slug="blog").note == "Mine."
    assert ChangeSet.objects.count() == sets
    assert "Nothing was imported" in again.text


# Who may


@pytest.mark.parametrize(
    ("permissions", "may_export", "may_import"),
    [
        ([], False, False),
        (["view_source"], True, False),
        (["view_source", "change_source"], True, True),
    ],
)
def test_viewing_exports_and_changing_imports(
    client, knowledge, permissions, may_export, may_import
):
    client.force_login(make.make_editor(*permissions))

    statuses = [
        client.post(address(Source, "export"), {"format": "csv"}).status_code,
        client.get(address(Source, "import")).status_code,
        client.post(address(Source, "import"), {}).status_code,
    ]

    assert statuses == [
        200 if may_export else 403,
        *([200, 200] if may_import else [403] * 2),
    ]


def test_only_who_may_add_imports_new_rows(client, knowledge):
    client.force_login(make.make_editor("view_finding", "change_finding"))

    response = upload(client, Finding, table(new_finding(knowledge.throughput)))

    assert [message for *_, message in problems(response)] == [
        "Your account may not add findings."
    ]


# Files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"slug,stamp,colour\r\nblog,,red", "“colour” is unknown"),
        (b"stamp,title\r\n,The blog", "“slug” is missing"),
        (b"x" * 1_000_001, "No more than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    admin_client, settings, content, words
):
    settings.IMPORT_MEGABYTES = 1

    asked = admin_client.get(address(Source, "import"))
    response = upload(admin_client, Source, content)

    assert not asked.context["form"].errors
    assert response.status_code == 200
    assert words in response.context["form"].errors["file"][0]


def test_sheets_that_are_not_read_are_named(admin_client, knowledge):
    book = openpyxl.Workbook()
    for name in ("Findings", "Notes", "Aside"):
        book.create_sheet(name)
    book["Aside"].sheet_state = "hidden"
    del book["Sheet"]
    content = io.BytesIO()
    book.save(content)

    page = upload(admin_client, Finding, content.getvalue(), "rows.xlsx")

    assert "More sheets than the first are not read: “Notes”." in page.text


@pytest.mark.parametrize(
    ("column", "stored", "extension", "given", "expected"),
    [
        # What Excel makes of a version, a day or a sign when it saves a CSV file.
        ("author", "3.10", "csv", "3.1", "Export XLSX"),
        ("author", "3.10", "csv", "3,1", "Export XLSX"),
        ("author", "3.10", "csv", "03. Okt", "Export XLSX"),
        ("author", "3.10", "csv", "Oct-03", "Export XLSX"),
        ("author", "1.2.3", "csv", "01.02.2003", "Export XLSX"),
        ("author", "2024-05", "csv", "May-24", "Export XLSX"),
        ("author", "May 2024", "csv", "Mai 24", "Export XLSX"),
        ("author", "5 October 2013", "csv", "05-Oct-13", "Export XLSX"),
        ("author", "1e5", "csv", "1.00E+05", "Export XLSX"),
        ("author", "from a → b", "csv", "from a ? b", "Export XLSX"),
        ("published_date", DAY, "csv", "20/11/2026", None),
        ("published_date", DAY, "csv", "11/20/2026", None),
        ("published_date", DAY, "csv", "20. 11. 2026", None),
        ("published_date", DAY, "csv", "2026/11/20", None),
        ("published_date", DAY, "csv", "2026-11-20 00:00:00", None),
        ("published_date", DAY, "csv", "2026-11-20T00:00:00.000Z", None),
        ("published_date", DAY, "csv", "20 November 2026", None),
        ("published_date", DAY, "csv", "Nov 20, 2026", None),
        ("published_date", DAY, "csv", "2026-11-20 10:30:00", "is no day"),
        ("published_date", DAY, "csv", "02/11/2026", "read as two days"),
        ("published_date", DAY, "csv", "20/11/26", "is no day: write year"),
        # What an editor types.
        ("published_date", DAY, "csv", "21.11.2026", ["2026-11-21"]),
        ("published_date", DAY, "xlsx", "2026-11-21", ["2026-11-21"]),
        ("published_date", DAY, "csv", "#N/A", "an error of the spreadsheet"),
        ("author", "3.10", "csv", "3.11", ["3.11"]),
        ("author", "3.10", "xlsx", "3.1", ["3.1"]),
        ("author", "", "csv", "3.1", ["3.1"]),
        ("author", "a to b", "csv", "a to b?", ["a to b?"]),
        ("author", "a to b", "xlsx", "\u200b a to b\xa0", None),
        ("kind", "blog", "csv", " Personal\xa0Blog ", None),
        ("kind", "blog", "csv", "Personal-blog.", None),
        ("framework", None, "csv", " fla\u200bsk", ["flask"]),
        ("framework", None, "csv", "“flask”", "no framework ““flask””"),
    ],
)
def test_a_cell_means_what_its_editor_meant(
    admin_user, column, stored, extension, given, expected
):
    make.make_framework(slug="flask")
    make.make_source(**{"slug": "blog", "kind": "blog", column: stored})
    exported = TABLES[Source]()
    texts = exported.dump(Source.objects.all())
    content = files.write(extension, "Rows", exported.headers, texts)
    content = edited(content, extension, "blog", **{column: given})

    found = compare(admin_user, Source, content)

    if isinstance(expected, str):
        [problem] = found.problems
        assert problem.column == column
        assert expected in problem.message
    else:
        assert found.problems == []
        after = [text for row in found.changes for text in row.changes.values()]
        assert after == (expected or [])


def test_a_preview_reads_the_rows_that_the_file_names(admin_client, knowledge):
    make.make_finding(framework=knowledge.flask)
    found = [row for _, row in files.read(export(admin_client, Finding))]
    read = []
    post_init.connect(note := lambda instance, **_: read.append(instance), Finding)

    upload(admin_client, Finding, table(found[-1]))
    post_init.disconnect(note, Finding)

    assert len(found) > 1
    assert len(read) == 1


def test_no_exported_cell_is_a_formula(admin_client, knowledge):
    Source.objects.filter(slug="blog").update(note='=HYPERLINK("https://evil.example")')

    csv = export(admin_client, Source).decode()
    book = openpyxl.load_workbook(io.BytesIO(export(admin_client, Source, "xlsx")))

    assert "\"'=HYPERLINK" in csv
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}


def test_export_holds_the_rows_of_the_filtered_list(admin_client, knowledge):
    make.make_finding(framework=knowledge.django, draft=True)

    content = export(admin_client, Finding, status__exact="draft").decode()
    wrong = admin_client.post(
        address(Finding, "export") + "?nothing=1", {"format": "csv"}
    )

    assert len(content.splitlines()) == 2
    assert wrong.status_code in (302, 400)


def test_export_and_preview_ask_no_more_for_more_rows(
    admin_client, knowledge, django_assert_max_num_queries
):
    for _ in range(30):
        make.make_finding(framework=knowledge.flask)

    with django_assert_max_num_queries(14):
        content = export(admin_client, Finding)
    # A savepoint for each row, and nothing else.
    rows = len(files.read(content))
    with django_assert_max_num_queries(50 + 2 * rows):
        upload(admin_client, Finding, content)

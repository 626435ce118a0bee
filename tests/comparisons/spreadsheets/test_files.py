"""Files as spreadsheets write them: what each cell shows, or why it is refused."""

import io
import zipfile

import pytest

from comparisons.spreadsheets import files, workbooks
from comparisons.spreadsheets.cells import DayCell, Refused

LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEETS = (
    '<sheet name="A" sheetId="1" r:id="r1"/><sheet name="B" sheetId="2" r:id="r2"/>'
)
HEADER = '<row r="1"><c t="str"><v>slug</v></c><c t="str"><v>note</v></c></row>'


def workbook(
    rows="", *, header=HEADER, shown_as="General", links=LINKS, packed=8, **parts
):
    """Return a workbook: its first sheet has ``rows`` of XML below a header."""
    targets = ["worksheets/sheet1", "/xl/worksheets/sheet2", "sharedStrings", "styles"]
    kinds = ["worksheet", "worksheet", "sharedStrings", "styles"]
    related = "".join(
        f'<Relationship Id="r{number}" Type="{links}/{kind}" Target="{target}.xml"/>'
        for number, (kind, target) in enumerate(zip(kinds, targets, strict=True), 1)
    )
    sheet = f"<x:worksheet><x:sheetData>{header}%s</x:sheetData></x:worksheet>"
    content = {
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{links}'
        '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
        "xl/workbook.xml": f"<workbook><sheets>{SHEETS}</sheets></workbook>",
        "xl/worksheets/sheet1.xml": sheet % rows,
        "xl/worksheets/sheet2.xml": sheet % '<row><c t="str"><v>second</v></c></row>',
        "xl/sharedStrings.xml": "<sst><si><t>shared</t></si></sst>",
        "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode='
        f'"{shown_as}"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    } | {f"xl/{name}.xml": xml for name, xml in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for path, xml in content.items():
            archive.writestr(path, xml)
    return stream.getvalue()


def cell(xml, **parts):
    """Return what is read of the note ``xml`` in row 2 of a workbook."""
    row = f'<row r="2"><c t="str"><v>blog</v></c>{xml}</row>'
    [(number, found)] = files.read(workbook(row, **parts))
    assert (number, found["slug"]) == (2, "blog")
    return found["note"]


def refusal(content):
    with pytest.raises(files.FileError) as caught:
        files.read(content)
    return caught.value.messages[0]


TEXT = '<c t="str"><v>%s</v></c>'
NUMBER = '<c s="1"><v>%s</v></c>'


@pytest.mark.parametrize(
    ("xml", "value", "shown_as", "expected"),
    [
        # Texts, however they are written.
        ('<c t="s"><v>%s</v></c>', 0, "", "shared"),
        ('<c t="inlineStr"><is><t>in </t><r><t>%s</t></r></is></c>', 1, "", "in 1"),
        (
            '<c t="inlineStr"><is><t>%s</t><rPh><t>x</t></rPh></is></c>',
            "東京",
            "",
            "東京",
        ),
        (TEXT, "First._x000D_\nSecond._x000d_", "", "First.\nSecond."),
        (TEXT, "a_x0009_b&#13;c_x000B_d _x005F_x000D_", "", "a\tb\nc\nd _x000D_"),
        (TEXT, "\xa0 a\xa0b \u200b\ufeff", "", "a\xa0b"),
        (TEXT, "'=1+1", "", "=1+1"),
        (TEXT, "#1234", "", "#1234"),
        (TEXT, "PR #8!", "", "PR #8!"),
        ('<c t="str"><f>A1</f><v>%s</v></c>', "blog!", "", "blog!"),
        ('<c r="b2" s="1" t="s"><v>%s</v></c>', "", "", ""),
        # Numbers: their digits as the cell shows them.
        (NUMBER, "3.1", "0.00", "3.10"),
        (NUMBER, "3.1000000000000001", "0.00", "3.10"),
        (NUMBER, "3", "0.0", "3.0"),
        (NUMBER, "3.0", "0", "3"),
        (NUMBER, "3.1", "@", "3.1"),
        (NUMBER, "-2026", "General", "-2026"),
        ("<c><f>1+1</f><v>%s</v></c>", "2", "", "2"),
        # Days, of either count.
        (NUMBER, "46298", "d\\.mm", "day 2026-10-03"),
        (NUMBER, "46298", "[$-407]d. mmm yy;@", "day 2026-10-03"),
        ('<c t="d"><v>%s</v></c>', "2026-10-03T00:00:00.000", "", "day 2026-10-03"),
        # What no text, number or day shows.
        (NUMBER, "3.14159", "0.00", "refused: The cell shows"),
        (NUMBER, "0.30000000000000004", "General", "refused: The cell shows"),
        (NUMBER, "123456789012", "General", "refused: The cell shows"),
        (NUMBER, "1234567890123456", "0", "refused: The cell shows"),
        (NUMBER, "INF", "General", "refused: The cell shows"),
        (NUMBER, "0.5", "0%", "refused: The cell shows"),
        (NUMBER, "1200", "#,##0", "refused: The cell shows"),
        (NUMBER, "12", "0.00E+00", "refused: The cell shows"),
        (NUMBER, "0.5", "h:mm", "refused: The cell shows"),
        (NUMBER, "1.5", "[h]:mm:ss", "refused: The cell shows"),
        (NUMBER, "46298.5", "yyyy-mm-dd hh:mm", "refused: The cell shows"),
        (NUMBER, "60", "yyyy-mm-dd", "refused: The cell shows"),
        (NUMBER, "99999999", "yyyy-mm-dd", "refused: The cell shows"),
        (NUMBER, "3", "General;General", "refused: The cell shows"),
        ('<c t="d"><v>%s</v></c>', "2026-10-03T12:30", "", "refused: This is no day"),
        ('<c t="b"><v>%s</v></c>', "1", "", "refused: This is no text"),
        ("<c><f>%s</f></c>", "A1", "", "refused: The formula has no result"),
        ("<c><f>%s</f><v/></c>", "A1", "", "refused: The formula has no result"),
        (TEXT, "a_x0000_b", "", "refused: It holds a character that is none"),
        (TEXT, "a_xD83D_b", "", "refused: It holds a character that is none"),
        (TEXT, "a\ufffdb", "", "refused: It holds a character that is none"),
    ],
)
def test_a_cell_is_what_it_shows_or_refused(xml, value, shown_as, expected):
    found = cell(xml % value, shown_as=shown_as or "General")

    if isinstance(found, DayCell):
        assert expected == f"day {found.day}"
    elif isinstance(found, Refused):
        assert f"refused: {found.reason}".startswith(expected)
    else:
        assert found == expected


def test_a_workbook_may_count_its_days_from_1904():
    book = f'<w><workbookPr date1904="1"/>{SHEETS}</w>'

    assert cell(NUMBER % 44836, shown_as="d/m/yy", workbook=book).day == "2026-10-03"


ERRORS = "#N/A #REF! #DIV/0! #NAME? #VALUE! #NUM! #NULL! #SPILL! #CALC! #BUSY! "
LOCAL_ERRORS = "#NV #BEZUG! #¿NOMBRE? #¡DIV/0! #N/D #Н/Д #GETTING_DATA ##### Err:502"


@pytest.mark.parametrize("error", (ERRORS + LOCAL_ERRORS).split())
def test_an_error_is_no_text(error):
    [(_, row)] = files.read(f"slug,note\nblog,{error}".encode())

    for found in (row["note"], cell(f'<c t="e"><v>{error}</v></c>')):
        assert "an error of the spreadsheet" in found.reason


ROW = '<row r="%s"><c r="A%s" t="str"><v>blog</v></c><c s="1"/></row>'
HIDDEN_FIRST = SHEETS.replace("/>", ' state="hidden"/>', 1)
BLOG = [(2, {"slug": "blog", "note": ""})]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (workbook(ROW % (2, 2), links=STRICT), BLOG),
        (workbook(ROW % (2, 2) + '<row><c s="1"/></row>' * 20_000), BLOG),
        (workbook(ROW % (5, 5)), [(5, BLOG[0][1])]),
        # Rows and columns that a filter hides are rows and columns.
        (workbook((ROW % (2, 2)).replace("<row", '<row hidden="1"')), BLOG),
        (
            workbook(workbook=f"<w>{HIDDEN_FIRST}</w>"),
            [(2, {"slug": "second", "note": ""})],
        ),
        (
            workbook(
                '<row r="3"><c t="str"><v>blog</v></c></row>',
                header='<row/><row><c t="str"><v> SLUG\u200b</v></c><c s="1"/>'
                '<c t="str"><v>Date note</v></c><c s="1"/></row>',
            ),
            [(3, {"slug": "blog", "date_note": ""})],
        ),
        (b"slug,note\nblog,\n", BLOG),
        (b"slug,note\r\nblog,\r\n\x1a", BLOG),
        (b"\xef\xbb\xbfSlug;Note\r\nblog;\r\n;\r\n", BLOG),
        (b"sep=;\r\nslug;note\r\nblog;\r\n", BLOG),
        (b"\xef\xbb\xbfSEP=|\r\nslug|note\r\nblog|\r\n", BLOG),
        (b'"sep=,"\nslug,note\nblog,\n', BLOG),
        ("slug\tnote\r\nblog\t\r\n".encode("utf-16"), BLOG),
        (b"slug,note,,\rblog,,,\r,,,\r\r" + b"\r" * 50_000, BLOG),
        (
            b'slug,note\r\nblog,"a ""b"", c\n\nd"\n\n\xc2\xa0,\nx,y\r',
            [
                (2, {"slug": "blog", "note": 'a "b", c\n\nd'}),
                (5, {"slug": "x", "note": "y"}),
            ],
        ),
    ],
)
def test_rows_are_those_that_hold_something_as_the_spreadsheet_numbers_them(
    content, rows
):
    assert files.read(content) == rows


MERGED = "<w><sheetData/><mergeCells><mergeCell ref='A2:A5'/></mergeCells></w>"
ALL_HIDDEN = SHEETS.replace("/>", ' state="veryHidden"/>')
DOCTYPE = '<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'


def archive(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook(**{"worksheets/sheet1": MERGED}), "A2:A5 are merged"),
        (workbook(**{"worksheets/sheet1": DOCTYPE}), "damaged"),
        (workbook(**{"worksheets/sheet1": "<w>"}), "damaged"),
        (workbook('<row><c t="s"><v>9</v></c></row>'), "damaged"),
        (workbook()[:-40], "damaged"),
        (workbook(workbook=f"<w>{ALL_HIDDEN}</w>"), "shows no sheet"),
        (archive("mimetype", "content.xml"), "another kind"),
        (archive("xl/workbook.bin"), "another kind"),
        (archive("letter.docx"), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        ("slug,stamp\r\ncafé,".encode("latin-1"), "UTF-8"),
        (b"\xff\xfes\0l\0\xff", "UTF-8"),
        ("slug\tstamp\r\nblog\t".encode("utf-16-le"), "UTF-8"),
        (b"<html><table><tr><td>slug</td></tr></table></html>", "UTF-8"),
        (b'\r\n<?xml version="1.0"?>\r\n<Workbook/>', "UTF-8"),
        (b'[{"slug": "blog",\n"stamp": ""}]', "UTF-8"),
        (b'slug,stamp\r\n"blog,', "line 2 cannot be read"),
        (b'slug,stamp\r\n"a"b,', "cannot be read"),
        (b"slug,stamp\r\n\r\nblog,,,x", "Row 3 has 4 cells"),
        (b"slug,,stamp\r\nblog,x", "column B has no name"),
        (b"slug,stamp\r\n,\r\n \xc2\xa0 ,", "no rows"),
        (b"", "empty"),
        (b"\r\n,,\r\n", "empty"),
        (b"slug,Slug ,stamp\r\nblog,,", "given twice: slug"),
        (b"slug\r\n" + b"a\r\n" * 10_001, "more than 10000 rows"),
        (b"slug\r\n" + b"\n" * 2**20, "more than 1048576 lines"),
        (b",".join(b"c%d" % i for i in range(41)) + b"\na", "more than 40 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(content, words):
    assert words in refusal(content)


LONG = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
BOMBS = {
    "empty cells": lambda: workbook(f"<row>{'<c/>' * 90_000}</row>"),
    "empty rows": lambda: workbook("<row/>" * 90_000),
    "strings": lambda: workbook(sharedStrings=f"<s>{'<si><t>a</t></si>' * 90_000}</s>"),
    "styles": lambda: workbook(styles=f"<s>{'<xf/>' * 90_000}</s>"),
    "nested tags": lambda: workbook("<a>" * 90_000),
    "small comments": lambda: workbook("<!-- -->" * 8_000_000),
    "one comment": lambda: workbook(f"<!--{'x' * 50_000_000}-->"),
    "one tag": lambda: workbook(f"<c a='{'x' * 1_000_000}'/>"),
    "blanks": lambda: workbook("\n" * 20_000_000),
    "one text often": lambda: workbook(
        '<row><c t="s"><v>0</v></c></row>' * 900, sharedStrings=LONG
    ),
    "files": lambda: archive(*map(str, range(1_001))),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_workbook_that_holds_too_much_is_refused_before_it_is_built(
    bomb, monkeypatch
):
    # So many elements take a tenth of the time.
    monkeypatch.setitem(workbooks.MOST, "elements", 70_000)

    assert "holds too much" in refusal(bomb())


def test_what_is_unpacked_without_end_is_not_unpacked():
    assert "damaged" in refusal(workbook(packed=zipfile.ZIP_BZIP2))


# Back


@pytest.mark.parametrize("extension", files.FORMATS)
def test_what_was_written_is_read_again(extension):
    texts = [
        "=1+1",
        "-x",
        "+x",
        "@x",
        "'=x",
        "''-",
        "'tis",
        'a,"b"',
        "3.10",
        "_x000D_ _x",
        "two\n\nlines",
        "#1",
        "‘ÿ’ 東京 😀",
    ]
    names = [f"c{number}" for number, _ in enumerate(texts)]

    content = files.write(extension, "Rows", names, [texts])

    assert files.read(content) == [(2, dict(zip(names, texts, strict=True)))]


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0bb"])
def test_what_no_workbook_holds_is_not_written(text):
    with pytest.raises(files.FileError, match="Export CSV"):
        files.write("xlsx", "Rows", ["note"], [[text]])

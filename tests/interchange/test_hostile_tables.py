"""Files that are not what they say, too large, or meant to do harm are refused with the way out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from knowledge_base.interchange import tables, workbooks
from knowledge_base.interchange.faults import BadTable
from tests.interchange.taking import faults, made, opened, planned


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None
) -> bytes:
    """A workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def why_refused(content: bytes, name: str = "schemes.csv") -> str:
    with pytest.raises(BadTable) as bad:
        [*opened(content, name).rows()]
    return str(bad.value)


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf", b"\xff\xfe\n\x00"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    assert "nothing in this" in why_refused(content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.4\n", "PDF"),
        (b"<!DOCTYPE html><html><table><tr><td>Title", "web page"),
        (b"\n <html><body>Sign in", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a locked workbook"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_another_kind_of_file_under_the_name_of_a_table_is_named(content: bytes, word: str) -> None:
    assert word in why_refused(content)


def test_a_workbook_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    bomb = repacked(
        workbook(("Title",), ("x",)), lambda name, data: data, {"xl/worksheets/sheet9.xml": b"0" * 40_000_000}
    )

    assert len(bomb) < 100_000
    assert "far too large" in why_refused(bomb, "schemes.xlsx")


def test_a_workbook_of_very_many_parts_is_refused() -> None:
    many = {f"xl/media/{n}.xml": b"" for n in range(workbooks.MOST_MEMBERS)}

    assert "packed in it" in why_refused(repacked(workbook(("a", "b")), lambda n, d: d, many))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused_wherever_they_stand(encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'

    def armed(name: str, data: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return data
        return (f"<!--{'x' * 70_000}-->{bomb}" + data.decode()).encode(encoding)

    assert "definitions" in why_refused(repacked(workbook(("Title", "Type"), ("x", "Grant")), armed))


def test_a_sheet_that_claims_to_be_endless_is_read_by_what_is_in_it() -> None:
    def boasting(name: str, data: bytes) -> bytes:
        return data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"') if name.endswith("sheet1.xml") else data

    content = repacked(workbook(("Title", "Type"), ("Example", "Grant")), boasting)

    assert [row.cells for row in opened(content).rows()] == [{"Title": "Example", "Type": "Grant"}]


@pytest.mark.parametrize("cut", [30, 400, 2_000])
def test_a_workbook_cut_short_is_said_to_be_damaged(cut: int) -> None:
    assert "damaged" in why_refused(workbook(("Title", "Type"), ("Example", "Grant"))[:cut])


def test_a_packed_folder_is_not_taken_for_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("schemes.csv", "Title")

    assert "packed folder" in why_refused(out.getvalue())


def test_of_a_formula_only_the_kept_value_is_read() -> None:
    content = workbook(
        ("Title", "Type", "Maximum"), ("Example", "Grant", '=1+1+WEBSERVICE("http://example.org")')
    )

    assert [row.cells for row in opened(content).rows()] == [{"Title": "Example", "Type": "Grant"}]


def test_ten_thousand_columns_are_refused_and_a_thousand_are_read() -> None:
    wide = ",".join(f"c{n}" for n in range(10_000))
    assert "10,000 columns" in why_refused(wide.encode())

    assert len(opened(",".join(f"c{n}" for n in range(1_000)) + "\n1,2").headers) == 1_000


def test_a_quotation_mark_that_is_never_closed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_CELL", 10_000)
    content = 'Title,Type\nExample,"Grant\n' + "more,text\n" * 5_000

    assert "not closed" in why_refused(content.encode())


def test_zero_bytes_in_one_cell_refuse_that_row_alone() -> None:
    content = (
        "Title,Type\n"
        + "Example filler,Grant\n"
        + "x" * 70_000
        + ",Grant\nExample \x00 two,Grant\nLast,Grant\n"
    )

    found = planned(content)

    assert [row.outcome for row in found] == ["make", "refuse", "refuse", "make"]
    assert "cannot be shown" in found[2].faults[0].what


def test_a_huge_cell_refuses_its_row_and_says_how_long_it_may_be() -> None:
    found = planned("Title,Type,Description\nExample,Grant," + "x" * 1_000_000 + "\nOther,Grant,short\n")

    assert [row.outcome for row in found] == ["refuse", "make"]
    assert "1000000 characters are too many" in found[0].faults[0].what
    assert len(str(found[0].faults[0])) < 400


def test_headings_that_are_there_twice_are_told_apart_and_the_first_is_suggested() -> None:
    table = opened("Title,Type,Title,,Title\nOne,Grant,Two,Three,Four\n")

    assert table.headers == ("Title", "Type", "Title (2)", "column 4", "Title (3)")
    assert [row.name for row in planned("Title,Type,Title\nOne,Grant,Two\n")] == ["One"]


def test_cells_beyond_the_headings_are_not_lost_in_silence() -> None:
    assert "beyond the last heading" in faults("Title,Type\nExample, Grant, and more\n")[0]


def test_what_stands_within_quoted_cells_parts_nothing_though_there_is_but_one_row() -> None:
    table = opened('id,name,evidence\n"example","a | b","= |\n= |\n= |"\n')

    assert table.headers == ("id", "name", "evidence")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_parts_the_cells_is_found_though_the_text_is_full_of_commas(separator: str) -> None:
    lines = [["Title", "Type", "Description"], ["Example", "Grant", '"One, two, three; four"']] * 3

    table = opened("\n".join(separator.join(line) for line in lines[:2]) + "\n")

    assert table.headers == ("Title", "Type", "Description")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_are_read_in_the_encoding_they_were_written_in(encoding: str) -> None:
    content = "Title,Type\nCafé £5 grant,Grant\n".encode(encoding)

    assert made(content)[0]["name"] == "Café £5 grant"


def test_a_curator_may_say_which_encoding_it_is() -> None:
    content = "Title,Type\nDotacja dla młodych,Grant\n".encode("cp1250")

    assert next(opened(content, encoding="cp1250").rows()).cells["Title"] == "Dotacja dla młodych"
    with pytest.raises(BadTable, match="throughout"):
        opened(content, encoding="utf-8")


def test_json_that_is_no_list_of_records_is_refused_by_what_is_wrong() -> None:
    for content, word in (
        ("{}", "no list"),
        ("[1]", "not a record"),
        ('[{"a": 1,', "not JSON"),
        ("[[]]", "not a record"),
    ):
        assert word in why_refused(content.encode(), "x.json")


def test_json_nested_without_end_is_refused() -> None:
    assert "nested" in why_refused(("[" * 100_000).encode(), "x.json")


def test_more_rows_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)

    assert "over 3 rows" in why_refused(b"Title,Type\n" + b"Example,Grant\n" * 4)

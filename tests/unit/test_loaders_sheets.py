"""Opening of files: by content, within bounds, with addresses, and with what is wrong told."""

import csv
import gzip
import io
import struct
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from tests.helpers.workbooks import Formula, write_xlsx, zip_files
from wholesystem.errors import Fault
from wholesystem.indicators.loaders import LoadError, load_files, xlsx_parts
from wholesystem.indicators.loaders.cells import CellError, read_date, read_figure
from wholesystem.indicators.loaders.opening import open_workbook
from wholesystem.indicators.loaders.sheets import Sheet


def refused(path: Path) -> str:
    with pytest.raises(LoadError) as raised:
        for _ in open_workbook(path).sheets():
            pass
    return str(raised.value)


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# ------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        (12.0, 12, None),
        ("1,234", 1234, None),
        ("-0.5", -0.5, None),
        ("86.1%", 86.1, None),
        ("1,234 (r)", 1234, "marked (r)"),
        ("12*", 12, "marked *"),
        ("3.5 [p]", 3.5, "marked [p]"),
        ("7†", 7, "marked †"),
        ("*", None, "suppressed (*)"),
        ("c", None, "confidential (c)"),
        ("-", None, "no figure is given (-)"),
        ("..", None, "not available (..)"),
        ("", None, "blank: no figure is given"),
        ("\u00a0", None, "blank: no figure is given"),
    ],
)
def test_figures_as_publishers_write_them(cell: object, value: float | None, note: str) -> None:
    figure = read_figure(cell)

    assert (figure.value, figure.note) == (value, note)


@pytest.mark.parametrize(
    "cell", ["about 5", "1.234,5", "12,34", "#REF!", "#N/A", "=?", True, date(2017, 1, 1), "1e999"]
)
def test_what_is_no_figure_is_refused(cell: object) -> None:
    with pytest.raises(CellError):
        read_figure(cell)


@pytest.mark.parametrize(
    "text",
    [
        "27th May 2011",
        "27 May 2011",
        "27-May-2011",
        "2011-05-27",
        "27/05/2011",
        "Friday 27 May 2011",
    ],
)
def test_dates_as_publishers_write_them(text: str) -> None:
    assert read_date(text) == date(2011, 5, 27)


@pytest.mark.parametrize("text", ["31st June 2017", "05/27/2011", "May 2011", "27 Mai 2011", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        read_date(text)


# --------------------------------------------------------------------------- workbooks


def test_a_workbook_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "really_new.xls", {"A": [["Name", 3], [date(2017, 7, 1)]]})
    sheet = open_workbook(path).first()

    assert sheet.value(0, 1) == 3
    assert sheet.value(1, 0) == date(2017, 7, 1)
    assert sheet.where(1, 27) == "really_new.xls, sheet A, cell AB2"


def test_errors_and_formulas_stand_in_their_cells(tmp_path: Path) -> None:
    row = [Formula("=1/0", "#DIV/0!"), Formula("=A9"), Formula("=2+2", 4), Formula('="x"', "x")]
    sheet = open_workbook(write_xlsx(tmp_path / "a.xlsx", {"A": [["x"] * 4, row]})).first()
    faults: list[Fault] = []

    assert [sheet.figure(1, j, faults) for j in range(2)] == [None, None]
    assert sheet.figure(1, 2, faults).value == 4
    assert [str(fault) for fault in faults] == [
        "a.xlsx, sheet A, cell A2 is '#DIV/0!'. It holds an error of a formula. Mend the formula,"
        " or ask the publisher.",
        "a.xlsx, sheet A, cell B2: The result of its formula is not stored in the file. Open the"
        " file in Excel, save it, and try again.",
    ]


def test_a_formula_that_no_spreadsheet_worked_out_is_not_taken_for_0(tmp_path: Path) -> None:
    # XlsxWriter stores 0 for every formula and leaves the sum to Excel.
    sheet = open_workbook(
        write_xlsx(tmp_path / "a.xlsx", {"A": [["x", 5.0], [Formula("=B1", 0)]]})
    ).first()
    faults: list[Fault] = []

    assert sheet.figure(1, 0, faults) is None
    assert "not stored" in str(faults[0])


def test_an_error_below_and_beside_the_filled_part_is_seen(tmp_path: Path) -> None:
    cells = [["x"], [], ["", "", "", Formula("=#REF!", "#REF!")]]
    sheet = open_workbook(write_xlsx(tmp_path / "a.xlsx", {"A": cells})).first()

    assert sheet.text(2, 3) == "#REF!"


def test_hidden_parts_are_read_and_said(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"A": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0], [8.0]]},
        hidden_rows={"A": (1, 3)},
        hidden_columns={"A": (1,)},
    )
    sheet = open_workbook(path).first()

    assert sheet.value(1, 1) == 5
    assert sheet.notes == (
        "hidden rows 2, 4 were read like the others",
        "hidden column B was read like the others",
    )


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.xls", b"", "It is empty."),
        ("a.csv", b" \r\n \n", "It is empty."),
        ("a.xls", b"\n<!DOCTYPE html><html></html>", "It is a web page (HTML)"),
        ("a.xls", b"\xef\xbb\xbf<table><tr><td>1</td></tr></table>", "It is a web page (HTML)"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "It is XML, not a workbook."),
        ("a.xlsx", b"%PDF-1.7", "It is a PDF."),
        ("a.csv", "a,b\n".encode("utf-16"), "It is neither a workbook nor text."),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "It is damaged"),
        ("a.xlsx", b"PK\x03\x04 and no more", "It is damaged, or cut short."),
        ("a.csv.gz", b"\x1f\x8b\x08 and no more", "It is damaged, or cut short."),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, rule: str) -> None:
    assert refused(write(tmp_path / name, content)).startswith(f"{name}: {rule}")


def test_no_such_file(tmp_path: Path) -> None:
    assert "There is no such file." in refused(tmp_path / "no.xls")


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "a.xlsx", {"A": [["x", 1.0]] * 50}).read_bytes()

    for share in (0.2, 0.5, 0.9):
        told = refused(write(tmp_path / "cut.xlsx", whole[: int(len(whole) * share)]))
        assert told.startswith("cut.xlsx: It is damaged, or cut short.")


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["x", 1.0]] * 50})
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row><c"
    zip_files(tmp_path / "b.xlsx", files)

    assert "It cannot be read as a workbook" in refused(tmp_path / "b.xlsx")


def test_a_zip_that_is_no_workbook_and_a_binary_workbook(tmp_path: Path) -> None:
    plain = zip_files(tmp_path / "plain.xlsx", {"a.csv": b"a,b"})
    binary = zip_files(
        tmp_path / "b.xlsb", {"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"\0"}
    )

    assert "It is a zip file, but no workbook." in refused(plain)
    assert "It is a binary workbook (.xlsb)." in refused(binary)


# --------------------------------------------------------------------- .xls, by its records


def ole_file(streams: dict[str, bytes]) -> bytes:
    """A compound file [MS-CFB] of 512-byte sectors, each stream of 4,096 bytes or more."""
    end, free, fat_mark = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat, body, entries = [fat_mark, end], [b"", b""], []
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        start, count = len(fat), -(-len(content) // 512)
        fat += [*range(start + 1, start + count), end]
        body += [content[512 * i : 512 * i + 512].ljust(512, b"\0") for i in range(count)]
        entries.append((name, 2, start, len(content)))
    directory = b""
    for name, kind, start, size in [("Root Entry", 5, end, 0), *entries]:
        text = (name + "\0").encode("utf-16-le")
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        directory += struct.pack("<III", free, free, 1 if kind == 5 else free) + b"\0" * 36
        directory += struct.pack("<IQ", start, size)
    body[0] = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    body[1] = directory.ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + b"".join(body)


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_a_workbook_behind_a_password(tmp_path: Path) -> None:
    new = ole_file({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})
    globals_ = record(0x0809, b"\x00\x06\x05\x00" + b"\0" * 12) + record(0x002F, b"\1\0" * 3)
    old = ole_file({"Workbook": globals_ + record(0x000A)})

    for name, content in (("new.xlsx", new), ("old.xls", old)):
        assert refused(write(tmp_path / name, content)) == (
            f"{name}: It is protected by a password. Open it in Excel with the password, and save"
            " it without one."
        )


def test_an_old_office_file_that_is_no_workbook(tmp_path: Path) -> None:
    told = refused(write(tmp_path / "a.xls", ole_file({"WordDocument": b"x"})))

    assert "It is an old Office file, but no workbook." in told


def test_hidden_rows_columns_and_errors_of_an_old_workbook() -> None:
    from wholesystem.indicators.loaders.xls_records import read_marks

    start = record(0x0809, b"\x00\x06\x05\x00" + b"\0" * 12)
    sheet = start + record(0x007D, struct.pack("<6H", 2, 3, 100, 0, 1, 0))
    sheet += record(0x0208, struct.pack("<6HI", 5, 0, 9, 255, 0, 0, 0x20))
    sheet += record(0x0208, struct.pack("<6HI", 6, 0, 9, 255, 0, 0, 0))
    sheet += record(0x0205, struct.pack("<3HBB", 7, 1, 0, 0x2A, 1))
    sheet += record(
        0x0006, struct.pack("<3H8B", 8, 2, 0, 2, 0, 0x17, 0, 0, 0, 255, 255) + b"\0" * 6
    )
    sheet += record(0x0006, struct.pack("<3Hd", 9, 2, 0, 4.0) + b"\0" * 6) + record(0x000A)
    name = b"Days"
    bound = struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name
    place = len(start) + len(record(0x0085, bound)) + 4
    bound = struct.pack("<I", place) + bound[4:]
    marks = read_marks(
        ole_file({"Workbook": start + record(0x0085, bound) + record(0x000A) + sheet})
    )

    assert marks is not None
    assert marks["Days"].hidden_columns == [2, 3]
    assert marks["Days"].hidden_rows == [5]
    assert marks["Days"].errors == {(7, 1): "#N/A", (8, 2): "#REF!"}


def test_real_old_workbooks_cut_anywhere_are_refused(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "data" / "dtoc" / "dtoc_england_timeseries_2010-08_2020-02.xls"
    whole = source.read_bytes()

    for size in (600, 5_000, 60_000, len(whole) - 3_000):
        assert refused(write(tmp_path / "cut.xls", whole[:size])).startswith("cut.xls: It ")


# ------------------------------------------------------------------------------ bounds


def test_a_workbook_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    path = zip_files(
        tmp_path / "bomb.xlsx",
        {"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 60_000_000},
    )

    assert refused(path).startswith("bomb.xlsx: It unpacks to more than 300 times its size.")


def test_a_zip_of_bombs_is_refused_whole(tmp_path: Path) -> None:
    path = zip_files(tmp_path / "bomb.zip", {"a.csv": b"0" * 60_000_000})

    loaded, errors = load_files(path)

    assert loaded == []
    assert "It unpacks to more than 300 times its size." in str(errors[0])


def test_a_member_longer_than_it_says_is_damaged(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0" * 5_000_000)
    lying = out.getvalue().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10))

    assert "It is damaged" in refused(write(tmp_path / "a.xlsx", lying))


def test_cells_that_lie_too_far_apart_are_refused_before_room_is_made(
    tmp_path: Path,
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["x", 1.0]]})
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    zip_files(tmp_path / "far.xlsx", files)

    told = refused(tmp_path / "far.xlsx")

    assert "far.xlsx, sheet A: Its cells reach to 1,048,576 rows and 16,384 columns" in told


def ods_file(path: Path, row: str) -> Path:
    head = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="A">'
    )
    tail = "</table:table></office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zip_files(
        path,
        {
            "mimetype": kind,
            "content.xml": (head + row + tail).encode(),
            "META-INF/manifest.xml": manifest.encode(),
        },
    )


def test_an_open_document_spreadsheet_is_read_and_bounded(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="7"{}>'
        "<text:p>7</text:p></table:table-cell>"
    )
    fine = ods_file(tmp_path / "a.ods", f"<table:table-row>{cell.format('')}</table:table-row>")
    wide = cell.format(' table:number-columns-repeated="16000"')
    row = f'<table:table-row table:number-rows-repeated="1000000">{wide}</table:table-row>'

    assert open_workbook(fine).first().value(0, 0) == 7
    told = refused(ods_file(tmp_path / "b.ods", row))
    assert "Its cells are repeated to more than 25,000,000." in told


def test_bounds_of_a_long_sheet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["x", "y"]] * 60})
    assert len(open_workbook(path).first().rows) == 60

    monkeypatch.setattr(xlsx_parts, "MOST_CELLS", 100)
    assert "more than 100 cells" in refused(path)


# --------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_of_csv_files(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.csv", "Name,Cost £\r\nCafé\r\n".encode(encoding))
    sheet = open_workbook(path).first()

    assert sheet.header(0) == ["name", "cost £"]
    assert sheet.text(1, 0) == "Café"


def test_columns_of_a_csv_file_keep_the_rows_that_excel_shows(tmp_path: Path) -> None:
    text = 'Title\n\n"Na\nme",Days,Days,\n"a, b",1,2,3\n\n"c\nd",4,,\ne,5\nf,6,7,8\n'
    columns = open_workbook(write(tmp_path / "a.csv", text.encode())).first().columns(2)

    assert columns.table.column_names == ["Na me", "Days", "Days (2)", "column D"]
    assert columns.table.to_pylist()[0] == {
        "Na me": "a, b",
        "Days": "1",
        "Days (2)": "2",
        "column D": "3",
    }
    assert list(columns.rows) == [3, 5, 7]
    assert columns.misshapen == ((6, 2, 4),)
    assert columns.letters["Days (2)"] == "C"


def test_an_open_quote_is_told(tmp_path: Path) -> None:
    sheet = open_workbook(write(tmp_path / "a.csv", b'a,b\n"1,2\n3,4\n')).first()

    with pytest.raises(LoadError, match="a.csv, row 2: A quote is left open"):
        sheet.columns(0)


def test_a_packed_csv_file(tmp_path: Path) -> None:
    workbook = open_workbook(write(tmp_path / "a.csv.gz", gzip.compress(b"a,b\n1,2\n")))

    assert workbook.first().text(1, 1) == "2"


def test_half_a_million_rows_take_seconds(tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(
        [["area", "period", "value"], *[["E10000025", "2017-07", 5]] * 500_000]
    )
    path = write(tmp_path / "a.csv", out.getvalue().encode())

    start = time.perf_counter()
    columns = open_workbook(path).first().columns(0)

    assert columns.table.num_rows == 500_000
    assert columns.rows[-1] == 500_000  # row 500,001 as Excel counts
    assert time.perf_counter() - start < 10  # 0.5 measured


def test_columns_of_a_sheet_are_those_of_the_same_csv_file(tmp_path: Path) -> None:
    rows = [["Name", "Days"], ["a", 1.5], [], ["b", 2.0]]
    sheet = open_workbook(write_xlsx(tmp_path / "a.xlsx", {"A": rows})).first()
    text = b"Name,Days\na,1.5\n\nb,2\n"
    plain = open_workbook(write(tmp_path / "a.csv", text)).first()

    assert sheet.columns(0).table.equals(plain.columns(0).table)
    assert list(sheet.columns(0).rows) == list(plain.columns(0).rows) == [1, 3]


def test_finding_of_labels() -> None:
    sheet = Sheet("a.xls", "A", [["", " Period : ", "July 2017"], ["", "NAME", "x"]])

    assert sheet.right_of("Period:") == (0, 2)
    assert sheet.find("name") == (1, 1)
    assert sheet.find("Code") is None
    assert sheet.right_of("Revised") is None
    assert sheet.text(9, 9) == ""

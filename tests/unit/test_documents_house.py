"""The house's look: read from a folder, checked for contrast, and seen in all three files."""

import io
from pathlib import Path

import docx
import pytest

from tests.helpers.reports import SVG, make_document, make_png, pdf_text, read_tags
from wholesystem.errors import TableError
from wholesystem.reports import documents
from wholesystem.reports.documents import (
    House,
    Logo,
    read_house,
    render_html,
    render_pdf,
    render_word,
)

WHOLE = """\
format = 1
name = "Oxfordshire's review team"

[colours]
accent = "#00594c"
cover = "#00594c"
cover_text = "#ffffff"
tint = "#eef4f3"

[cover]
lines = ["Oxfordshire Health and Wellbeing Board"]

[logo]
file = "logo.svg"
alternative = "Oxfordshire review team"

[running]
header = "Local system review"
footer = "Official"

[fonts]
families = ["Liberation Sans", "Arial"]
"""


def write_house(folder: Path, text: str = WHOLE) -> Path:
    (folder / "house.toml").write_text(text, encoding="utf-8")
    (folder / "logo.svg").write_text(SVG, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_house(folder)
    return str(caught.value)


def test_a_whole_house_is_read(tmp_path: Path) -> None:
    house = read_house(write_house(tmp_path))

    assert house.accent == "#00594c"
    assert house.lines == ("Oxfordshire Health and Wellbeing Board",)
    assert house.fonts == ("Liberation Sans", "Arial")
    assert house.logo == Logo(SVG, "Oxfordshire review team")
    assert (house.header, house.footer) == ("Local system review", "Official")


def test_what_is_not_said_is_as_without_a_house(tmp_path: Path) -> None:
    assert read_house(write_house(tmp_path, "format = 1\n")) == House()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("format = 1", "format = 2", "house.toml, format is '2'. It must be 1."),
        ("#00594c", "#0059", "A colour is # and six hexadecimal digits"),
        ('accent = "#00594c"', 'accent = "#7fbfb5"', "contrast with #ffffff is 2.1 to 1"),
        ('cover_text = "#ffffff"', 'cover_text = "#4c8c82"', "contrast with cover (#00594c)"),
        ('tint = "#eef4f3"', 'tint = "#336655"', "contrast with the ink"),
        ("[running]", "[runing]", "house.toml, runing: It is not known. Known are colours"),
        ('header = "Local', 'heading = "Local', "Known are footer, header"),
        ('footer = "Official"', "footer = 3", "It is a text"),
        ('lines = ["Oxfordshire Health and Wellbeing Board"]', 'lines = "one"', "list of texts"),
        ('file = "logo.svg"', 'file = "none.svg"', "It must be a file in the same folder"),
        ('file = "logo.svg"', 'file = "../logo.svg"', "It must be a file in the same folder"),
        ('alternative = "Oxfordshire review team"', "", "The logo has no alternative text"),
        ('"Liberation Sans"', '"a; } body { "', "no name of a font"),
        ("[colours]", "[colours", "It is no TOML"),
        ("[cover]\n", "cover = 1\n", "Put it"),
    ],
)
def test_a_fault_of_the_house_says_what_to_do(
    tmp_path: Path, before: str, after: str, words: str
) -> None:
    if words == "Put it":
        before, after, words = WHOLE, "format = 1\ncover = 1\n", "Write it as [cover]"
    assert before in WHOLE

    assert words in faults_of(write_house(tmp_path, WHOLE.replace(before, after)))


def test_a_folder_without_the_file_says_what_is_missing(tmp_path: Path) -> None:
    assert "A house's folder holds this file" in faults_of(tmp_path)


def test_a_broken_logo_is_refused(tmp_path: Path) -> None:
    write_house(tmp_path)
    (tmp_path / "logo.svg").write_text("<svg", encoding="utf-8")

    assert "It is no whole SVG" in faults_of(tmp_path)


def test_the_house_is_seen_in_all_three_files(tmp_path: Path) -> None:
    house = read_house(write_house(tmp_path))
    document = make_document(footer="", header="")

    page = render_html(document, house)
    pdf, _ = render_pdf(document, house)
    word = docx.Document(io.BytesIO(render_word(document, house)))

    for text in (page, pdf_text(pdf)):
        assert "Oxfordshire Health and Wellbeing Board" in text
        assert "DRAFT: Local system review" in text
    assert "--blue: #00594c" in page
    assert 'alt="Oxfordshire review team"' in page
    alternatives = [tag.made.get("/Alt") for tag in read_tags(pdf).all("Figure")]
    assert "Oxfordshire review team" in alternatives
    assert word.sections[0].header.paragraphs[0].text == "DRAFT: Local system review"
    assert word.sections[0].footer.paragraphs[0].text.startswith("Official")
    assert "Oxfordshire Health and Wellbeing Board" in [p.text for p in word.paragraphs]
    assert word.styles["Normal"].font.name == "Liberation Sans"


def test_no_logo_comes_with_the_program() -> None:
    folder = Path(documents.__file__).parent

    kinds = {path.suffix for path in folder.rglob("*") if "__pycache__" not in path.parts}
    assert kinds - {""} == {".py"}


def test_a_logo_may_be_a_png(tmp_path: Path) -> None:
    write_house(tmp_path, WHOLE.replace("logo.svg", "logo.png"))
    (tmp_path / "logo.png").write_bytes(make_png())

    logo = read_house(tmp_path).logo

    assert logo == Logo(make_png(), "Oxfordshire review team")
    house = House(logo=logo)
    assert render_word(make_document(), house) != render_word(make_document())
    assert b"/Image" in render_pdf(make_document(), house)[0]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_bytes(b"\xff\xfe\x00")

    assert "It cannot be read as text" in faults_of(tmp_path)

"""The Word file is made of Word's own pieces, so that it can be edited and read by everyone."""

import io
import struct
import zipfile
from typing import Any

import docx
from docx.oxml.ns import qn

from tests.helpers.reports import make_document, make_figure, make_png, make_table
from wholesystem.reports.documents import (
    BulletList,
    Heading,
    Item,
    Link,
    Paragraph,
    Text,
    render_word,
)
from wholesystem.reports.documents.word_parts import picture_as_png


def opened(*blocks: Any, **more: Any) -> Any:
    return docx.Document(io.BytesIO(render_word(make_document(*blocks, **more))))


def styled(word: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in word.paragraphs if one.text]


def test_headings_and_lists_are_in_words_own_styles() -> None:
    found = styled(opened())

    assert ("Title", "Local system review: Oxfordshire") in found
    assert ("Subtitle", "How people move") in found
    assert ("Heading 1", "Summary") in found
    assert ("Heading 2", "Delays by reason") in found
    assert ("Heading 3", "Quotes") in found
    assert ("List Bullet", "First") in found
    assert ("List Bullet 2", "Under it") in found
    assert ("List Number", "Do this") in found
    assert ("Caption", "Figure 1: Days delayed") in found
    assert ("toc 1", "Summary\t") in found
    assert ("toc 2", "Delays by reason\t") in found


def test_every_numbered_list_begins_at_one() -> None:
    lists = [BulletList((Item("a"), Item("b")), numbered=True) for _ in range(2)]
    word = opened(*lists)

    numbers = [
        one._p.pPr.numPr.numId.val for one in word.paragraphs if one.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    numbering = word.part.numbering_part.element
    for number in {numbers[0], numbers[2]}:
        start = numbering.xpath(f".//w:num[@w:numId='{number}']//w:startOverride")
        assert start[0].get(qn("w:val")) == "1"


def test_captions_and_references_are_fields_that_word_counts() -> None:
    xml = opened().element.xml

    for code in ("SEQ Figure", "SEQ Table", "REF _wl", "TOC \\o", "PAGEREF _wr"):
        assert code in xml
    body = opened().element
    marks = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    aims = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))} - {None}
    assert aims
    assert aims <= marks
    named = [code.text.split()[1] for code in body.iter(qn("w:instrText")) if "REF " in code.text]
    assert set(named) <= marks


def test_bookmarks_are_named_and_numbered_once_and_hidden() -> None:
    marks = list(opened().element.iter(qn("w:bookmarkStart")))
    names = [one.get(qn("w:name")) for one in marks]
    numbers = [one.get(qn("w:id")) for one in marks]

    assert len(names) == len(set(names)) > 50
    assert len(numbers) == len(set(numbers))
    assert all(name.startswith("_") and len(name) <= 40 for name in names)


def test_tables_have_header_rows_that_are_repeated_and_row_headers() -> None:
    table = opened().tables[0]

    first = table.rows[0]._tr.trPr
    assert first.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
    assert table.style.name == "Document Table"


def test_pictures_have_alternative_text_and_are_fine_enough_to_print() -> None:
    word = opened(make_figure(data=None), make_figure(picture=make_png(), data=None))
    said = [one.get("descr") for one in word.element.iter() if one.tag.endswith("}docPr")]

    assert said == ["Bars of days delayed: reason 7 is the longest with 8,642 days."] * 2
    drawn = next(
        part.blob for part in word.part.package.iter_parts() if str(part.partname).endswith(".png")
    )
    width = struct.unpack(">I", drawn[16:20])[0]
    shown_mm = word.inline_shapes[0].width.mm
    assert width / (shown_mm / 25.4) >= 200


def test_text_in_pictures_is_drawn_although_its_font_is_not_there() -> None:
    def drawn(text: str, font: str) -> bytes:
        return picture_as_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'
            f'<text x="2" y="20" font-family="{font}">{text}</text></svg>',
            50,
            ["Liberation Sans"],
        )

    assert drawn("Days", "No Such Font") != drawn("", "No Such Font")


def test_notes_are_real_footnotes() -> None:
    content = render_word(make_document())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        notes = archive.read("word/footnotes.xml").decode()
        body = archive.read("word/document.xml").decode()
        types = archive.read("[Content_Types].xml").decode()
        relations = archive.read("word/_rels/footnotes.xml.rels").decode()

    assert "Counted at midnight" in notes
    assert '<w:footnoteReference w:id="1"/>' in body
    assert "footnotes+xml" in types
    assert "https://example.org/m" in relations


def test_language_and_properties_are_set() -> None:
    word = opened()
    told = word.core_properties

    assert (told.title, told.author, told.subject) == (
        "Local system review: Oxfordshire",
        "The reviewers",
        "Local system review",
    )
    assert told.keywords == "delays, review"
    assert told.language == "en-GB"
    assert told.created.date().isoformat() == "2026-11-27"
    languages = word.styles.element.xpath("w:docDefaults//w:lang")
    assert [one.get(qn("w:val")) for one in languages] == ["en-GB"]


def test_links_lead_out() -> None:
    word = opened(Paragraph((Text("See "), Link("the page", "https://example.org/a?b=1&c=2"))))

    assert "https://example.org/a?b=1&c=2" in [
        one.target_ref for one in word.part.rels.values() if one.is_external
    ]


def test_two_tables_in_a_row_stay_two() -> None:
    word = opened(Heading(1, "A"), make_table(), make_table())

    kinds = [one.tag.rpartition("}")[2] for one in word.element.body]
    assert ("tbl", "tbl") not in set(zip(kinds, kinds[1:], strict=False))


def test_every_part_is_in_the_order_that_the_schema_asks_for() -> None:
    word = opened()
    order = "pStyle keepNext pageBreakBefore numPr pBdr shd tabs spacing ind jc rPr".split()
    for looks in word.element.iter(qn("w:pPr")):
        names = [one.tag.rpartition("}")[2] for one in looks]
        assert names == sorted(names, key=order.index)
    style_order = (
        "keepNext keepLines pageBreakBefore widowControl numPr suppressLineNumbers pBdr shd tabs"
        " spacing ind contextualSpacing jc outlineLvl"
    ).split()
    for style in word.styles.element.iter(qn("w:style")):
        looks = style.find(qn("w:pPr"))
        names = [] if looks is None else [one.tag.rpartition("}")[2] for one in looks]
        assert names == sorted(names, key=style_order.index), style.get(qn("w:styleId"))

"""The parts of a Word file beside its body: pictures, links, lists, notes, header and footer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from wholesystem.reports.documents.fonts import families_here, fonts_here
from wholesystem.reports.documents.word_xml import NAMESPACES, field, run

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

__all__ = ["FileParts", "add_notes", "add_running", "picture_as_png"]

#: Fine print shows no steps from about here on.
DOTS_PER_INCH = 220
_DRAWING = b"""#set text(font: json(bytes(sys.inputs.fonts)))
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg", width: float(sys.inputs.width) * 1mm)"""
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_ONE_TO_NINE = """<w:abstractNum {ns} w:abstractNumId="{number}"><w:multiLevelType
w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}"
w:hanging="{left}"/></w:pPr></w:lvl></w:abstractNum>"""
_LIST, _EVIDENCE = 9001, 9002


def picture_as_png(picture: str | bytes, width_mm: float, fonts: Iterable[str]) -> bytes:
    """A picture as PNG, fine enough for print; Word shows SVG only in its latest versions.

    Parameters
    ----------
    picture : str or bytes
        SVG, or PNG, which stays as it is.
    width_mm : float
        How wide it is shown.
    fonts : iterable of str
        Families for text whose own fonts are not there.

    Returns
    -------
    bytes
        PNG.
    """
    if isinstance(picture, bytes):
        return picture
    import typst

    text = picture.encode("utf-8", "replace").decode()
    # By the renderer of the PDF: the same fonts, and a seventh of the bytes that vl-convert writes.
    drawing = typst.Compiler(
        _DRAWING,
        font_paths=fonts_here(),
        sys_inputs={
            "picture": text,
            "width": str(width_mm),
            "fonts": json.dumps(families_here(fonts)),
        },
    )
    return cast(bytes, drawing.compile(format="png", ppi=DOTS_PER_INCH))


class FileParts:
    """Pictures, links and lists of a Word file that is being made.

    Parameters
    ----------
    word : docx.document.Document
        The file.
    fonts : iterable of str
        Of text in pictures whose own fonts are not there.
    """

    def __init__(self, word: WordDocument, fonts: Iterable[str]) -> None:
        self.fonts = tuple(fonts)
        self.part = word.part
        self.numbering = word.part.numbering_part.element
        self.links: dict[str, str] = {}
        self.pictures: dict[tuple[str | bytes, float], str] = {}
        for number, text, left in ((_LIST, "%1.", 360), (_EVIDENCE, "[%1]", 570)):
            self._add_abstract(
                _ONE_TO_NINE.format(ns=NAMESPACES, number=number, text=text, left=left)
            )

    def picture(self, picture: str | bytes, width_mm: float) -> str:
        """Relation of a picture that is shown so wide."""
        known = (picture, width_mm)
        if known not in self.pictures:
            content = io.BytesIO(picture_as_png(picture, width_mm, self.fonts))
            self.pictures[known] = self.part.get_or_add_image(content)[0]
        return self.pictures[known]

    def link(self, address: str) -> str:
        """Relation of an address."""
        if address not in self.links:
            self.links[address] = self.part.relate_to(
                address, f"{_RELATIONS}/hyperlink", is_external=True
            )
        return self.links[address]

    def number_list(self) -> int:
        """Number of a list that begins at 1."""
        return self._add_number(_LIST)

    def evidence_list(self) -> int:
        """Number of the list of evidence: [1], [2] and so on."""
        return self._add_number(_EVIDENCE)

    def _add_abstract(self, xml: str) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import qn

        # All of these come before the first list, or Word calls the file damaged.
        first = self.numbering.find(qn("w:num"))
        place = len(self.numbering) if first is None else list(self.numbering).index(first)
        self.numbering.insert(place, parse_xml(xml))

    def _add_number(self, abstract: int) -> int:
        number = self.numbering.add_num(abstract)
        number.add_lvlOverride(0).add_startOverride(1)
        return int(number.numId)


def add_notes(word: WordDocument, paragraphs: list[str], links: FileParts) -> None:
    """Real footnotes, which python-docx knows nothing of, as a part of their own.

    Parameters
    ----------
    word : docx.document.Document
        The file.
    paragraphs : list of str
        Content of each note, in WordprocessingML; the first has the number 1.
    links : FileParts
        Has the links of the notes, whose relations the part repeats.
    """
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    if not paragraphs:
        return
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
        for kind, number, tag in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
        f"{mark}{run(' ')}{inside}</w:p></w:footnote>"
        for number, inside in enumerate(paragraphs, start=1)
    )
    xml = f"<w:footnotes {NAMESPACES}>{separators}{notes}</w:footnotes>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    part = Part(
        PackURI("/word/footnotes.xml"), _NOTES_TYPE, (head + xml).encode(), word.part.package
    )
    for address, relation in links.links.items():
        part.rels.add_relationship(f"{_RELATIONS}/hyperlink", address, relation, is_external=True)
    word.part.relate_to(part, f"{_RELATIONS}/footnotes")
    told = '<w:footnote w:id="-1"/><w:footnote w:id="0"/>'
    settings = word.settings.element
    place = next(
        (k for k, one in enumerate(settings) if one.tag.endswith(("}compat", "}rsids"))),
        len(settings),
    )
    settings.insert(place, parse_xml(f"<w:footnotePr {NAMESPACES}>{told}</w:footnotePr>"))


def add_running(word: WordDocument, header: str, footer: str, *, cover: bool) -> None:
    """Header and footer of all pages but a cover.

    Parameters
    ----------
    word : docx.document.Document
        The file.
    header, footer : str
        Words.
    cover : bool
        Whether the first page has neither.
    """
    section = word.sections[0]
    section.different_first_page_header_footer = cover
    _set_line(section.header.paragraphs[0], run(header))
    pages = run("Page ") + field("PAGE", run("1")) + run(" of ") + field("NUMPAGES", run("1"))
    _set_line(section.footer.paragraphs[0], f"{run(footer)}<w:r><w:tab/></w:r>{pages}")
    _set_tab(section.footer.paragraphs[0])


def _set_line(paragraph: Any, inside: str) -> None:
    from docx.oxml import parse_xml

    for one in parse_xml(f"<w:p {NAMESPACES}>{inside}</w:p>"):
        paragraph._p.append(one)


def _set_tab(paragraph: Any) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    # python-docx's template has tabs of a page of another size.
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(170), WD_TAB_ALIGNMENT.RIGHT)

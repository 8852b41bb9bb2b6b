"""A page: headings, words, pictures and the table behind each picture, as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from wholesystem.pictures import PictureTable

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

__all__ = ["Fact", "Page", "Picture", "Section", "render_page", "template"]

#: A table of more rows scrolls under headings that stay.
LONG_ROWS = 24
#: A table of no more rows is not cut in print.
BRIEF_ROWS = 12


@dataclass(frozen=True)
class Fact:
    """A figure that stands out.

    Parameters
    ----------
    value : str
        The figure, with its unit where that is a sign.
    words : str
        What it counts.
    note : str
        What it is held against, and whether it was fitted.
    """

    value: str
    words: str
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture with the tables of its figures; either may be empty.

    Parameters
    ----------
    svg : str
        Self-contained SVG with its own title and description; empty for a table alone.
    tables : tuple of PictureTable
        The same figures as text. In a cell what follows a line break is set smaller.
    source : str
        Where the figures come from, over which period and whom; or how to read the picture.
    layout : str
        ``wide``: the whole width of the page; ``beside``: the table at the picture's side where
        there is room; ``under``: beneath it; ``large``: beneath it, the picture in print as wide
        as the page.
    folded : bool
        Whether the tables open on request (in print they are always open).
    heading : str
        A heading within the section; none if empty.
    paragraphs, after : tuple of str
        What is said before the picture and after it.
    """

    svg: str = ""
    tables: tuple[PictureTable, ...] = ()
    source: str = ""
    layout: str = "under"
    folded: bool = False
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a page under its own heading.

    Parameters
    ----------
    id : str
        Anchor within the page.
    heading : str
        In plain words.
    facts : tuple of Fact
        Figures that stand out, before all else.
    paragraphs, points : tuple of str
        What is said before the pictures; points become a list.
    pictures : tuple of Picture
        In order.
    """

    id: str
    heading: str
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing but its heading."""
        return not (self.facts or self.paragraphs or self.points or self.pictures)


@dataclass(frozen=True)
class Page:
    """A whole page.

    Parameters
    ----------
    title : str
        Heading of the page and title of the window.
    lead : str
        What it shows, in one or two sentences.
    sections : tuple of Section
        In order; empty ones are left out.
    footer : tuple of str
        Licences. Addresses in it become links.
    """

    title: str
    lead: str
    sections: tuple[Section, ...] = ()
    footer: tuple[str, ...] = ()


def render_page(page: Page) -> str:
    """HTML of a page: no script, no other file, no network.

    Parameters
    ----------
    page : Page
        What to show. All text is escaped; pictures are put in as they are.

    Returns
    -------
    str
        A complete document.
    """
    sections = [section for section in page.sections if not section.is_empty]
    return template("page.html.j2").render(
        page=page, sections=sections, long_rows=LONG_ROWS, brief_rows=BRIEF_ROWS
    )


@cache
def template(name: str) -> Template:
    """A template of this package, compiled once.

    Parameters
    ----------
    name : str
        Its file name.

    Returns
    -------
    jinja2.Template
        Escapes all text that is not marked as safe, and refuses a name that it is not given.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wholesystem.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["table_rows"] = _table_rows
    return environment.get_template(name)


def _table_rows(table: PictureTable) -> Markup:
    """Rows of a table; what follows a line break in a cell is set smaller.

    In Python, not in the template: a profile has 70,000 cells, and a macro for each takes half
    of the time of its page.
    """
    from markupsafe import Markup

    before = ['<td class="n">' if numeric else "<td>" for numeric in table.numeric[1:]]
    links = table.links or ("",) * len(table.rows)
    rows = []
    for row, link in zip(table.rows, links, strict=True):
        head = _cell(row[0])
        if link:
            head = f'<a href="{_cell(link)}">{head}</a>'
        cells = "".join(f"{b}{_cell(c)}</td>" for b, c in zip(before, row[1:], strict=True))
        rows.append(f'<tr><th scope="row">{head}</th>{cells}</tr>\n')
    # Every cell is escaped above.
    return Markup("".join(rows))


def _cell(text: str) -> str:
    from markupsafe import escape

    first, *others = str(escape(text)).split("\n")
    return first + "".join(f'<span class="more">{line}</span>' for line in others)

"""A page: headings, words, pictures and the table behind each picture, as one HTML file."""

from __future__ import annotations

from dataclasses import dataclass, field

from wholesystem.pictures import PictureTable

__all__ = ["Page", "Picture", "Section", "render_page"]


@dataclass(frozen=True)
class Picture:
    """A picture with the tables of its figures; either may be empty.

    Parameters
    ----------
    svg : str
        Self-contained SVG with its own title and description; empty for a table alone.
    tables : tuple of PictureTable
        The same figures as text.
    source : str
        Where the figures come from, over which period and whom.
    wide : bool
        Whether the picture takes the whole width of the page.
    """

    svg: str = ""
    tables: tuple[PictureTable, ...] = ()
    source: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page under its own heading.

    Parameters
    ----------
    id : str
        Anchor within the page.
    heading : str
        In plain words.
    paragraphs, points : tuple of str
        What is said before the pictures; points become a list.
    pictures : tuple of Picture
        In order.
    """

    id: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Page:
    """A whole page.

    Parameters
    ----------
    title : str
        Heading of the page and title of the window.
    lead : str
        What it shows, in one or two sentences.
    facts : tuple of (str, str)
        Figures that stand out, each with its words.
    sections : tuple of Section
        In order.
    footer : tuple of str
        How it was made, and licences.
    """

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    footer: tuple[str, ...] = field(default=())


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
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wholesystem.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(page=page)

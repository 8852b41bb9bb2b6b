"""The page: nothing of a label becomes markup, nothing empty is shown."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from wholesystem.pictures import PictureTable
from wholesystem.reports import Fact, Page, Picture, Section, render_page

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</style></title><script>",
    "{{ 7 * 7 }} {% raw %}",
    "שלום مرحبا \u202eevil\u202c",
    "👵🏽 care & repair",
]
VOID = {"meta", "link", "br", "img"}


class Seen(HTMLParser):
    """Tags, attributes, ids and text of a page; fails on tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def table(*rows: tuple[str, ...], title: str = "A table") -> PictureTable:
    return PictureTable(title, ("Name", "Number"), rows, (False, True))


def full_page(words: str) -> Page:
    picture = Picture(
        svg="<svg></svg>",
        tables=(table((words, words), title=words),),
        source=words,
        heading=words,
        paragraphs=(words,),
        after=(words,),
    )
    section = Section(
        "here",
        words,
        facts=(Fact(words, words, words),),
        paragraphs=(words,),
        points=(words,),
        pictures=(picture,),
    )
    return Page(words, words, (section,), (words,))


@pytest.mark.parametrize("words", HOSTILE)
def test_labels_stay_text(words: str) -> None:
    seen = Seen(render_page(full_page(words)))
    plain = Seen(render_page(full_page("plain")))

    assert seen.tags == plain.tags
    assert seen.attributes == plain.attributes
    assert seen.text.count(words) == plain.text.count("plain")


def test_page_has_a_language_a_title_and_no_script() -> None:
    page = render_page(full_page("Care in a county"))

    assert page.startswith("<!DOCTYPE html>\n")
    assert '<html lang="en-GB">' in page
    assert "<title>Care in a county</title>" in page
    assert "<script" not in page


def test_empty_sections_are_left_out() -> None:
    sections = (Section("none", "Nothing here"), Section("some", "Some", paragraphs=("words",)))
    seen = Seen(render_page(Page("Title", "", sections)))

    assert "Nothing here" not in seen.text
    assert seen.tags.count("section") == 1
    assert "footer" not in seen.tags


def test_each_section_is_linked_and_ids_are_unique() -> None:
    sections = tuple(
        Section(f"s{n}", f"Part {n}", pictures=(Picture(tables=(table(("a", "1")),) * 2),) * 2)
        for n in range(3)
    )
    seen = Seen(render_page(Page("Title", "", sections)))

    assert seen.links == ["#main", "#s0", "#s1", "#s2"]
    assert len(set(seen.ids)) == len(seen.ids)


def test_headings_go_down_one_step_at_a_time() -> None:
    seen = Seen(render_page(full_page("words")))

    assert [tag for tag in seen.tags if tag in ("h1", "h2", "h3", "h4")] == ["h1", "h2", "h3"]


def test_lines_of_a_cell_after_the_first_are_set_apart() -> None:
    page = render_page(
        Page("T", "", (Section("s", "S", pictures=(Picture(tables=(table(("a\nb", "1")),)),)),))
    )

    assert '<th scope="row">a<span class="more">b</span></th>' in page


@pytest.mark.parametrize(
    ("rows", "shape"), [(12, "scroll brief"), (13, "scroll"), (25, "scroll long")]
)
def test_long_tables_scroll_under_their_headings(rows: int, shape: str) -> None:
    picture = Picture(tables=(table(*[("a", "1")] * rows),))
    page = render_page(Page("T", "", (Section("s", "S", pictures=(picture,)),)))

    assert f'<div class="{shape}"' in page


def test_folded_tables_open_without_a_script() -> None:
    picture = Picture(tables=(table(("a", "1"), title="Moves"),), folded=True)
    seen = Seen(render_page(Page("T", "", (Section("s", "S", pictures=(picture,)),))))

    assert seen.tags.count("details") == seen.tags.count("summary") == 1
    assert "Moves: a table of 1 rows" in seen.text


def test_only_web_addresses_of_the_footer_become_links() -> None:
    words = "See https://example.org/licence, not javascript:alert(1)."
    seen = Seen(render_page(Page("T", "", (), (words,))))

    assert seen.links == ["#main", "https://example.org/licence"]
    assert words in seen.text


def test_style_names_no_other_file() -> None:
    templates = Path(__file__).parents[2] / "src/wholesystem/reports/templates"
    style = (templates / "page.css").read_text(encoding="utf-8")

    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style

"""Any document becomes three files that say the same, and comes back from Word unchanged."""

import io
import tempfile
from pathlib import Path
from typing import Any

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.pages import check_page
from tests.helpers.reports import (
    make_figure,
    pdf_tables,
    pdf_text,
    read_html,
    read_tags,
    squeezed,
    word_tables,
)
from wholesystem.reports.documents import (
    BulletList,
    CallOut,
    Citation,
    Column,
    Contents,
    Document,
    Evidence,
    Footnote,
    Heading,
    Item,
    PageBreak,
    Paragraph,
    Reference,
    Table,
    Text,
    number_cell,
    read_word_suggestions,
    render_html,
    render_pdf,
    render_word,
)
from wholesystem.reports.documents.laying import lay_out
from wholesystem.reports.documents.text import tidy_text

# Letters that the fonts of every computer have, and signs that mean something in some format.
LETTERS = "abcXYZ 0189.,-%<>&\"'#$*_@\\`[]{}()/|~^=+!?;:\u00e9\u00df\u20ac\u2013\u201c\u00a0"
words = st.text(LETTERS, min_size=1, max_size=40).filter(lambda text: bool(tidy_text(text).strip()))
numbers = st.builds(
    number_cell,
    st.floats(-1e7, 1e7, allow_nan=False),
    st.integers(0, 3),
    unit=st.sampled_from(["", "%", " days"]),
)
pieces = st.one_of(
    st.builds(Text, words, st.booleans(), st.booleans()),
    st.just(Citation("e1")),
    st.just(Citation("e2")),
    st.builds(Footnote, words),
    st.just(Reference("there")),
)
texts = st.one_of(words, st.lists(pieces, min_size=1, max_size=4).map(tuple))
items: Any = st.recursive(
    st.builds(Item, texts),
    lambda inner: st.builds(Item, words, st.lists(inner, max_size=2).map(tuple)),
    max_leaves=3,
).filter(lambda item: depth(item) <= 3)
lists = st.builds(BulletList, st.lists(items, min_size=1, max_size=3).map(tuple), st.booleans())
paragraphs = st.builds(Paragraph, texts, st.sampled_from(["body", "lead", "quote", "source"]))


def depth(item: Item) -> int:
    return 1 + max((depth(one) for one in item.items), default=0)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    count = draw(st.integers(1, 16))
    columns = tuple(
        Column(draw(words), draw(st.sampled_from(["left", "right", "centre"])))  # type: ignore[arg-type]
        for _ in range(count)
    )
    rows = tuple(
        tuple(draw(words if n == 0 else st.one_of(words, numbers)) for n in range(count))
        for _ in range(draw(st.integers(1, 4)))
    )
    return Table(draw(words), columns, rows, draw(st.booleans()))


figures = st.builds(make_figure, words, alternative=words, caption=words, data=st.none() | tables())
blocks = st.one_of(
    paragraphs,
    lists,
    tables(),
    figures,
    st.builds(CallOut, words, st.lists(paragraphs | lists, min_size=1, max_size=2).map(tuple)),
    st.just(PageBreak()),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    level, found = 1, [Contents(), Heading(1, draw(words), "there")]
    for block in draw(st.lists(blocks, max_size=5)):
        if draw(st.booleans()):
            level = draw(st.integers(1, min(4, level + 1)))
            found.append(Heading(level, draw(words)))
        found.append(block)
    return Document(
        draw(words),
        tuple(found),
        evidence=(Evidence("e1", draw(words)), Evidence("e2", (Text("x"), Citation("e1")))),
        numbered=draw(st.booleans()),
    )


def in_words_order(html: list[Any], document: Document) -> list[Any]:
    """Tables behind pictures stand at the end in PDF and Word."""
    behind, here = [], []
    kinds = iter(html)
    for block in document.blocks:
        if isinstance(block, Table):
            here.append(next(kinds))
        elif getattr(block, "data", None) is not None:
            behind.append(next(kinds))
    return here + behind


@given(documents())
@settings(deadline=None, max_examples=40)
def test_any_document_says_the_same_in_three_files(document: Document) -> None:
    page, (pdf, notes), written = (
        render_html(document), render_pdf(document), render_word(document),
    )  # fmt: skip
    check_page(page)
    assert [note for note in notes if "letters" in note] == []

    tables = in_words_order(read_html(page).tables, document)
    assert word_tables(written) == tables
    assert [[[squeezed(c) for c in row] for row in table] for table in pdf_tables(pdf)] == [
        [[squeezed(c) for c in row] for row in table] for table in tables
    ]

    laid = lay_out(document)
    headings = [one.text for one in laid.headings(paged=True, depth=4)]
    word = docx.Document(io.BytesIO(written))
    assert [one.text for one in word.paragraphs if one.style.name[:7] == "Heading"] == headings
    tagged = read_tags(pdf).all("H1", "H2", "H3", "H4")
    assert [squeezed(one.text) for one in tagged] == [squeezed(one) for one in headings]
    for text in ("".join(read_html(page).text), pdf_text(pdf)):
        assert all(squeezed(note.pieces[0].text) in squeezed(text) for note in laid.notes)


@given(documents())
@settings(deadline=None, max_examples=40)
def test_any_document_comes_back_from_word_as_it_went(document: Document) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "back.docx"
        path.write_bytes(render_word(document))

        found = read_word_suggestions(document, path)

    assert found.suggestions == ()
    assert found.same_document

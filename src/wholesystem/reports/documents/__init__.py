"""One document model, and three writers from it: HTML, PDF/UA and Word.

A document is made of headings, paragraphs, lists, tables, pictures and call-outs. It is checked
when it is made, so that what can be written can be read by everyone: no picture without
alternative text, no heading that skips a level, no figure that is not what its cell shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reports.documents.house import House, Logo, read_house
    from wholesystem.reports.documents.model import (
        BulletList,
        CallOut,
        Cell,
        Citation,
        Column,
        Contents,
        Cover,
        Document,
        Evidence,
        Figure,
        Footnote,
        Heading,
        Item,
        Link,
        PageBreak,
        Paragraph,
        Reference,
        Table,
        Text,
    )
    from wholesystem.reports.documents.text import number_cell
    from wholesystem.reports.documents.word_back import (
        Suggestion,
        WordSuggestions,
        read_word_suggestions,
    )
    from wholesystem.reports.documents.writing import (
        Written,
        render_html,
        render_pdf,
        render_word,
        write_document,
    )

__all__ = [
    "BulletList",
    "CallOut",
    "Cell",
    "Citation",
    "Column",
    "Contents",
    "Cover",
    "Document",
    "Evidence",
    "Figure",
    "Footnote",
    "Heading",
    "House",
    "Item",
    "Link",
    "Logo",
    "PageBreak",
    "Paragraph",
    "Reference",
    "Suggestion",
    "Table",
    "Text",
    "WordSuggestions",
    "Written",
    "number_cell",
    "read_house",
    "read_word_suggestions",
    "render_html",
    "render_pdf",
    "render_word",
    "write_document",
]

_MODEL = (
    "BulletList CallOut Cell Citation Column Contents Cover Document Evidence Figure Footnote"
    " Heading Item Link PageBreak Paragraph Reference Table Text"
).split()
_HOMES = {name: "model" for name in _MODEL} | {
    "House": "house",
    "Logo": "house",
    "Suggestion": "word_back",
    "WordSuggestions": "word_back",
    "Written": "writing",
    "number_cell": "text",
    "read_house": "house",
    "read_word_suggestions": "word_back",
    "render_html": "writing",
    "render_pdf": "writing",
    "render_word": "writing",
    "write_document": "writing",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""What every page of ours must be, read from its markup."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr", "col", "wbr", "area", "base"}


class PageReader(HTMLParser):
    """Tags, ids, links and text of a page, which must be well-formed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.rows: dict[str, list[list[str]]] = {}
        self.errors: list[str] = []
        self._open: list[str] = []
        self._table: list[list[str]] = []
        self._caption = ""
        self._cell: list[str] | None = None
        self._in_caption = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")
        if tag == "table":
            self._table, self._caption = [], ""
        if tag == "caption":
            self._in_caption = True
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._cell = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.errors.append(f"</{tag}> closes nothing at {self.getpos()}")
        if tag == "caption":
            self._in_caption = False
        if tag in ("td", "th") and self._cell is not None:
            self._table[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        if tag == "table":
            self.rows[self._caption] = self._table

    def handle_data(self, data: str) -> None:
        if self._in_caption:
            self._caption += data
        if self._cell is not None:
            self._cell.append(data)


def check_page(page: str) -> PageReader:
    """Well-formed, no script, nothing fetched, every id once, every anchor there."""
    read = PageReader(page)
    assert read.errors == []
    assert read._open == []
    assert read.tags["script"] == 0
    assert read.tags["iframe"] == 0
    assert [one for one in read.attributes if one[1].startswith("on")] == []
    assert [one for one, many in Counter(read.ids).items() if many > 1] == []
    assert [one for one in read.links if one.startswith("#") and one[1:] not in read.ids] == []
    fetched = [
        value
        for tag, name, value in read.attributes
        if name in ("src", "srcset", "action", "data", "poster")
        or (tag == "link" and name == "href")
        if not value.startswith("data:")
    ]
    assert fetched == []
    assert not re.search(r"@import|url\((?!#|['\"]?data:)", page)
    for name in ("aria-labelledby", "aria-describedby"):
        named = [part for _, n, value in read.attributes if n == name for part in value.split()]
        assert [one for one in named if one not in read.ids] == []
    return read

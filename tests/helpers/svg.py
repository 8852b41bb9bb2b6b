"""What every picture of ours must be, read from its markup."""

from __future__ import annotations

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    """The picture, which must be well-formed."""
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    """Words of the picture in drawing order."""
    return ["".join(node.itertext()) for node in parse(svg).iter(f"{SVG}text")]


def description(svg: str) -> str:
    """What people who do not see it are told."""
    return parse(svg).findtext(f"{SVG}desc") or ""


def check_picture(svg: str) -> None:
    """Role, title, description, unique ids, no fixed width, all words inside, nothing fetched."""
    root = parse(svg)
    assert root.get("role") == "img"
    assert root.get("width") is None
    assert root.get("height") is None
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert title.text
    assert desc.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert not re.search(r"NaN|nan|inf\b|None", svg.split("</desc>", 1)[1])
    assert "href" not in svg
    _check_words_inside(root)


def _check_words_inside(root: ElementTree.Element) -> None:
    from wholesystem.pictures.svg import text_width

    _, _, width, height = (float(part) for part in (root.get("viewBox") or "").split())
    for node in root.iter(f"{SVG}text"):
        size = float(node.get("font-size", "16"))
        assert size >= 13, "letters too small at 390 px"
        wide = text_width("".join(node.itertext()), size, bold=node.get("font-weight") == "bold")
        x, y = float(node.get("x", "0")), float(node.get("y", "0"))
        left = {"middle": x - wide / 2, "end": x - wide}.get(node.get("text-anchor", ""), x)
        assert left >= -1, "".join(node.itertext())
        assert left + wide <= width + 1, "".join(node.itertext())
        assert 0 < y <= height

"""Pictures of a document: that they are whole and safe, and how large they are."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any

__all__ = ["MOST_PICTURE_BYTES", "Size", "check_picture", "picture_size"]

MOST_PICTURE_BYTES = 20_000_000
_MOST_PIXELS = 100_000_000
_MOST_DRAWN = 1_000_000
_DEEPEST = 200
_PNG = b"\x89PNG\r\n\x1a\n"
_MM_OF_PIXEL = 25.4 / 96
_TO_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_LENGTH = re.compile(r"\s*([0-9.]+(?:e[-+]?\d+)?)\s*(px|pt|mm|cm|in)?\s*", re.IGNORECASE)
# What loads, runs or draws what is not in the file.
_UNSAFE_TAGS = {"script", "foreignObject", "iframe", "embed", "object", "audio", "video"}
_OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!['\"]?\s*(?:#|data:image/(?:png|jpeg);))|@import", re.I)
# In an attribute a quotation mark may be written as an entity, which holds a semicolon.
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg);base64,)", re.IGNORECASE)


@dataclass(frozen=True)
class Size:
    """Size of a picture at which it was drawn.

    Parameters
    ----------
    width_mm, height_mm : float
        Millimetres, > 0; a pixel is 1/96 inch.
    """

    width_mm: float
    height_mm: float

    def within(self, width_mm: float, height_mm: float) -> Size:
        """The size at which it fits, never larger than drawn."""
        scale = min(1.0, width_mm / self.width_mm, height_mm / self.height_mm)
        return Size(self.width_mm * scale, self.height_mm * scale)


class PictureFaultError(Exception):
    """A picture that cannot be used; its text is the rule that it breaks, as a sentence."""


def check_picture(picture: str | bytes) -> str:
    """What is wrong with a picture, as a sentence; empty if nothing.

    Parameters
    ----------
    picture : str or bytes
        SVG as text, or PNG.

    Returns
    -------
    str
        That it is too large, broken, of another kind, or that it loads or runs something.
    """
    try:
        picture_size(picture)
        if isinstance(picture, bytes):
            _check_png(picture)
    except PictureFaultError as fault:
        return str(fault)
    return ""


def picture_size(picture: str | bytes) -> Size:
    """How large a picture is.

    Parameters
    ----------
    picture : str or bytes
        SVG as text, or PNG.

    Returns
    -------
    Size
        As drawn.
    """
    if len(picture) > MOST_PICTURE_BYTES:
        raise PictureFaultError(f"It is larger than {MOST_PICTURE_BYTES // 1_000_000} MB.")
    return _svg_size(picture) if isinstance(picture, str) else _png_size(picture)


def _png_size(content: bytes) -> Size:
    if content[:8] != _PNG or content[12:16] != b"IHDR" or len(content) < 33:
        raise PictureFaultError("It is neither SVG nor PNG, or it is damaged.")
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width * height <= _MOST_PIXELS:
        raise PictureFaultError("It has no pixels, or more than 100 million.")
    return Size(width * _MM_OF_PIXEL, height * _MM_OF_PIXEL)


def _check_png(content: bytes) -> None:
    """Every chunk whole, and pixels that unpack to what the header says and no more."""
    place, packed, ended = 8, [], False
    while place + 12 <= len(content) and not ended:
        length = struct.unpack(">I", content[place : place + 4])[0]
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        check = content[place + 8 + length : place + 12 + length]
        if len(check) < 4 or struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            raise PictureFaultError("It is damaged: a part of it is not what its checksum says.")
        if kind == b"IDAT":
            packed.append(body)
        ended = kind == b"IEND"
        place += 12 + length
    if not (packed and ended):
        raise PictureFaultError("It is damaged: its end is missing.")
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    most = height * (1 + width * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 4) * depth // 8 + 8)
    _check_unpacks(b"".join(packed), 2 * most)


def _check_unpacks(packed: bytes, most: int) -> None:
    unpacking, size = zlib.decompressobj(), 0
    try:
        while not unpacking.eof and packed:
            size += len(unpacking.decompress(packed, 1 << 20))
            packed = unpacking.unconsumed_tail
            if size > most:
                raise PictureFaultError("It unpacks to more than its size says.")
    except zlib.error:
        raise PictureFaultError("It is damaged: its pixels do not unpack.") from None
    if not unpacking.eof:
        raise PictureFaultError("It is damaged: its pixels are cut short.")


def _svg_size(text: str) -> Size:
    from lxml import etree  # type: ignore[import-untyped]

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PictureFaultError("It holds a document type, which may name other files.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise PictureFaultError(f"It is no whole SVG ({str(error)[:80]}).") from None
    if etree.QName(root).localname != "svg":
        raise PictureFaultError("It is no SVG: its first element is not svg.")
    for element in root.iter(etree.Element):
        _check_element(etree.QName(element).localname, element.attrib, element.text or "")
    _Drawn(root).count(root, 0)
    return _drawn_size(root.attrib)


class _Drawn:
    """Counts what is drawn, each time that it is: few lines of SVG can ask for billions."""

    def __init__(self, root: Any) -> None:
        self.named = {one.get("id"): one for one in root.iter() if one.get("id")}
        self.counted: dict[Any, int] = {}

    def count(self, element: Any, depth: int) -> int:
        """Elements drawn by one, itself included."""
        if element in self.counted:
            return self.counted[element]
        if depth > _DEEPEST:
            raise PictureFaultError("Its parts stand in each other without end, or nearly so.")
        drawn = 1 + sum(self.count(child, depth + 1) for child in element)
        if isinstance(element.tag, str) and element.tag.endswith("}use"):
            used = self.named.get(_reference(element)[1:])
            drawn += 0 if used is None else self.count(used, depth + 1)
        if drawn > _MOST_DRAWN:
            raise PictureFaultError(f"It draws more than {_MOST_DRAWN:,} parts.")
        self.counted[element] = drawn
        return drawn


def _reference(element: Any) -> str:
    return next((str(v) for name, v in element.attrib.items() if name.endswith("href")), "")


def _check_element(tag: str, attributes: object, text: str) -> None:
    if tag in _UNSAFE_TAGS:
        raise PictureFaultError(f"It holds {tag}, which a picture may not.")
    if tag == "style" and _OUTSIDE.search(text):
        raise PictureFaultError("Its style loads another file.")
    for name, value in dict(attributes).items():  # type: ignore[call-overload]
        plain = str(name).rpartition("}")[2]
        if plain.lower().startswith("on"):
            raise PictureFaultError(f"It runs a script ({plain}).")
        if plain == "href" and not _INSIDE.match(value) and tag != "a":
            raise PictureFaultError("It draws what is in another file.")
        if plain == "href" and tag == "a" and not re.match(r"\s*(https?:|mailto:|#)", value, re.I):
            raise PictureFaultError("It has a link that is no web address.")
        if _OUTSIDE.search(value):
            raise PictureFaultError(f"It loads another file ({plain}).")


def _drawn_size(attributes: object) -> Size:
    given = dict(attributes)  # type: ignore[call-overload]
    width, height = _pixels(given.get("width", "")), _pixels(given.get("height", ""))
    box = [_number(part) for part in re.split(r"[\s,]+", given.get("viewBox", "").strip())]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        ratio = box[3] / box[2]
        width = width or (height / ratio if height else box[2])
        height = height or width * ratio
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise PictureFaultError("It says no width and height, and has no viewBox.")
    return Size(width * _MM_OF_PIXEL, height * _MM_OF_PIXEL)


def _pixels(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return _number(found[1]) * _TO_PIXELS[(found[2] or "").lower()] if found else 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0

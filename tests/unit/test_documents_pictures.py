"""Pictures of documents: whole, safe, and of a size that can be known."""

import struct
import zlib

import pytest

from tests.helpers.reports import SVG, make_document, make_figure, make_png
from wholesystem.errors import TableError
from wholesystem.reports.documents import images
from wholesystem.reports.documents.images import (
    check_picture,
    picture_size,
)

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"'


def svg(inside: str = "", more: str = "") -> str:
    return f"{HEAD}{more}>{inside}</svg>"


@pytest.mark.parametrize("picture", [SVG, make_png(), svg('<a href="https://example.org"><g/></a>'),
                                     svg('<use href="#a"/>'),
                                     svg(more=' fill="url(#a)"')])  # fmt: skip
def test_a_sound_picture_has_no_fault(picture: str | bytes) -> None:
    assert check_picture(picture) == ""


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ("<svg", "no whole SVG"),
        ("", "no whole SVG"),
        ("<html/>", "its first element is not svg"),
        (svg("<script>1</script>"), "holds script"),
        (svg("<foreignObject/>"), "holds foreignObject"),
        (svg('<g onclick="x()"/>'), "runs a script"),
        (svg('<image href="file:///etc/passwd"/>'), "in another file"),
        (svg('<image xlink:href="http://a/b.png" xmlns:xlink="http://www.w3.org/1999/xlink"/>'),
         "in another file"),
        (svg('<a href="javascript:x()"/>'), "no web address"),
        (svg('<g style="fill: url(http://a/b)"/>'), "loads another file"),
        (svg("<style>@import 'a.css';</style>"), "Its style loads"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "document type"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "no width and height"),
        (svg().replace('"10"', '"0"'), "no width and height"),
        (b"", "neither SVG nor PNG"),
        (b"GIF89a", "neither SVG nor PNG"),
        (make_png()[:-12], "its end is missing"),
        (make_png()[:60] + b"x" + make_png()[61:], "checksum"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_used_says_why(picture: str | bytes, words: str) -> None:
    assert words in check_picture(picture)


def test_few_lines_that_draw_billions_of_parts_are_refused() -> None:
    parts = '<g id="p0"><rect/></g>' + "".join(
        f'<g id="p{n}">' + f'<use href="#p{n - 1}"/>' * 10 + "</g>" for n in range(1, 12)
    )
    endless = '<g id="a"><use href="#a"/></g>'
    often = '<g id="a"><rect/></g>' + '<use href="#a"/>' * 500

    assert "more than 1,000,000 parts" in check_picture(svg(parts))
    assert "without end" in check_picture(svg(endless))
    assert check_picture(svg(often)) == ""


def changed_png(head: bytes, pixels: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    return make_png()[:8] + b"".join(
        (chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


def test_a_png_that_unpacks_to_more_than_it_says_is_refused() -> None:
    small = struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)

    assert "unpacks to more" in check_picture(changed_png(small, zlib.compress(bytes(10**7))))
    assert "do not unpack" in check_picture(changed_png(small, b"no zlib"))
    assert "cut short" in check_picture(changed_png(small, zlib.compress(bytes(330))[:5]))


def test_a_png_of_a_giant_size_is_refused_before_it_is_unpacked() -> None:
    giant = struct.pack(">IIBBBBB", 10**6, 10**6, 8, 2, 0, 0, 0)

    assert "more than 100 million" in check_picture(changed_png(giant, zlib.compress(b"")))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="96" height="48"', (25.4, 12.7)),
        ('width="1in" height="12.7mm"', (25.4, 12.7)),
        ('viewBox="0 0 96 48"', (25.4, 12.7)),
        ('width="100%" viewBox="0 0 96 48"', (25.4, 12.7)),
        ('width="192" viewBox="0,0,96,48"', (50.8, 25.4)),
    ],
)
def test_a_drawing_is_as_large_as_it_says(attributes: str, size: tuple[float, float]) -> None:
    found = picture_size(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>')

    assert (found.width_mm, found.height_mm) == pytest.approx(size)


def test_a_picture_is_shrunk_to_the_page_and_never_enlarged() -> None:
    size = picture_size(make_png(960, 96))

    assert size.within(127, 500).height_mm == pytest.approx(12.7)
    assert size.within(1000, 1000) == size


def test_a_broken_picture_is_refused_by_its_name() -> None:
    with pytest.raises(TableError, match=r"picture 'map\.svg': It is no whole SVG"):
        make_document(make_figure("map.svg", picture="<svg"))


def test_a_picture_that_is_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PICTURE_BYTES", 10)

    assert "It is larger than" in check_picture(SVG)

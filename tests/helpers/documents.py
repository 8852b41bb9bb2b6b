"""Small documents of each kind that may be uploaded, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument."


def pdf(text: str = "Waiting at home was long.", extra: bytes = b"") -> bytes:
    """A PDF of one page; `extra` goes into its trailer."""
    stream = b"BT /F1 12 Tf 72 700 Td (" + text.encode("ascii") + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 6\n0000000000 65535 f \n%s" % table
        + b"trailer\n<< /Size 6 /Root 1 0 R %s >>\n" % extra
        + b"startxref\n%d\n%%%%EOF\n" % len(data)
    )


def docx(*paragraphs: str) -> bytes:
    """A Word document of paragraphs and a table of two cells."""
    from docx import Document

    document = Document()
    for paragraph in paragraphs or ("Delayed transfers rose 🏥.",):
        document.add_paragraph(paragraph)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx() -> bytes:
    """A workbook of one sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Delays"
    book.active.append(["service", "days"])
    book.active.append(["acute", 5.5])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pptx(*texts: str) -> bytes:
    """A presentation, a slide a text; as little of one as readers need."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    slides = {
        f"ppt/slides/slide{number}.xml": f'<s xmlns:a="{space}"><a:p><a:t>{text}</a:t></a:p></s>'
        for number, text in enumerate(texts or ("First",), start=1)
    }
    return office("presentationml.presentation", {"ppt/presentation.xml": "<p/>", **slides})


def office(kind: str, parts: Mapping[str, str | bytes], suffix: str = ".main+xml") -> bytes:
    """A zip that says it is an Office document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        types = f'<Types><Override ContentType="{_OFFICE}{kind}{suffix}"/></Types>'
        archive.writestr("[Content_Types].xml", types)
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def png() -> bytes:
    """A picture of one point."""
    parts = [
        (b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x00")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in parts
    )


def jpeg() -> bytes:
    """The frame of a JPEG picture."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\xd9"
    )

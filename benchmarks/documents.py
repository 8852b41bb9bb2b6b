"""A document in three formats: a report of 40 pages, and one of 200 with 150 pictures.

The pictures are charts of ours, each with other figures, so that none is drawn once for all.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.indicators_store import peak_megabytes
from benchmarks.measure import Line, at_most, run_command, wall_seconds

WORDS = (
    "People who were ready to leave hospital waited for care at home, staff said, and nobody could"
    " say how many there were on a given day or what had been promised to them. "
)
# Of its own process: the first document of a program loads what makes documents.
COLD = """
from benchmarks import documents
print(*documents.write_once(int({pictures})))
"""


def draw_chart(number: int) -> str:
    """A chart of twelve months."""
    from wholesystem.pictures import render_svg

    values = [{"month": m, "days": (number * 37 + m * 101) % 400 + m} for m in range(1, 13)]
    return render_svg(
        {
            "title": f"Days delayed, area {number}",
            "description": "Bars of the days delayed in each month.",
            "width": 560,
            "height": 260,
            "data": {"values": values},
            "mark": "bar",
            "encoding": {
                "x": {"field": "month", "type": "ordinal"},
                "y": {"field": "days", "type": "quantitative"},
            },
        }
    )


def make_report(charts: list[str]) -> Any:
    """A report with a chapter for each chart, and a table in every fifth."""
    from wholesystem.reports import documents as d

    columns = (d.Column("Month"), d.Column("Days", "right"), d.Column("Share of all", "right"))
    blocks: list[Any] = [d.Contents()]
    for number, chart in enumerate(charts, start=1):
        days = [(number * 37 + m * 101) % 400 + m for m in range(1, 13)]
        rows = tuple(
            (f"Month {m}", d.number_cell(one), d.number_cell(one / 7, 1, unit="%"))
            for m, one in enumerate(days, start=1)
        )
        table = d.Table(f"Days delayed, area {number}", columns, rows, anchor=f"table-of-{number}")
        blocks += [
            d.Heading(1, f"Area {number}"),
            d.Paragraph(WORDS * 3),
            d.Figure(
                f"chart {number}", chart, "Bars of the days delayed in each month.",
                "Days delayed in each month", data=table,
            ),
            d.Heading(2, "What people told us"),
            d.Paragraph((
                d.Text(WORDS * 2), d.Citation(f"e{number}"), d.Footnote("Counted at midnight."),
                d.Reference(f"table-of-{number - (number - 1) % 5}"),
            )),
            d.BulletList((d.Item(WORDS), d.Item(WORDS))),
            *([table] if number % 5 == 1 else []),
        ]  # fmt: skip
    evidence = tuple(d.Evidence(f"e{n}", f"Interview {n}.") for n in range(1, len(charts) + 1))
    cover = d.Cover("Made up", date(2026, 11, 27), "DRAFT")
    return d.Document("A report", tuple(blocks), cover=cover, evidence=evidence)


def write_once(pictures: int) -> tuple[float, int, float]:
    """Seconds to make and write a report in three formats, its pages, and the peak of memory."""
    from pypdf import PdfReader

    from wholesystem.reports.documents import write_document

    charts = [draw_chart(number) for number in range(1, pictures + 1)]
    with tempfile.TemporaryDirectory() as name:
        seconds = wall_seconds(lambda: write_document(make_report(charts), name))
        peak = peak_megabytes()  # before the pages are counted, which takes memory of its own
        return seconds, len(PdfReader(Path(name) / "report.pdf").pages), peak


def write_again(charts: list[str], house: Any) -> tuple[float, float]:
    """Seconds, and those of the processor, when a program has written one before."""
    from wholesystem.reports.documents import write_document

    begin = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        seconds = wall_seconds(lambda: write_document(make_report(charts), name, house=house))
    return seconds, time.process_time() - begin


def document_lines() -> list[Line]:
    """Time and memory of documents in three formats."""
    from wholesystem.reports.documents import House

    print("documents", file=sys.stderr, flush=True)
    cold, pages, _ = run_command([sys.executable, "-c", COLD.format(pictures=28)]).split()
    large, large_pages, memory = run_command(
        [sys.executable, "-c", COLD.format(pictures=150)]
    ).split()
    write_once(2)
    # Other words and pictures each time: what typst remembers of the last is of no use.
    turns = [
        write_again([draw_chart(100 * turn + n) for n in range(28)], House(header=f"Turn {turn}"))
        for turn in range(5)
    ]
    warm, worked = (statistics.median(seconds) for seconds in zip(*turns, strict=True))
    return [
        at_most(f"document: {pages} pages in three formats, the first", float(cold), 6, " s"),
        at_most(f"document: {pages} pages in three formats, warm", warm, 2, " s"),
        Line(f"document: {pages} pages in three formats, warm, processor time", f"{worked:.2f} s"),
        at_most(f"document: {large_pages} pages, 150 pictures", float(large), 30, " s"),
        at_most("document: peak memory of that", float(memory), 600, " MB"),
    ]


if __name__ == "__main__":
    for line in document_lines():
        print(line.what, line.measured, line.target, line.verdict)

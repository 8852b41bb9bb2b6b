"""A review out as an open bundle and in again, and what is worked out of it for a page.

The packaged review of Oxfordshire where it is there; beside it a made-up one of 250 pieces of
evidence, with a long history and 40 documents of 1 MB, as a review at its end has.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.indicators_store import peak_megabytes
from benchmarks.measure import Line, at_most, run_command, wall_seconds

EVIDENCE = 250
FINDINGS = 60
EVENTS = 5_000
DOCUMENTS = 40
LARGE = 5_000
DOCUMENT_BYTES = 1_000_000
AT = datetime(2017, 11, 20, 9, 30)
BY: dict[str, Any] = {"recorded_by": "ada", "recorded_at": AT}
WORDS = "People who were ready to leave hospital waited for care at home, staff said. "

# In a process of its own, so that the peak is its own.
CODE = """
from benchmarks import reviews
print(*reviews.carry(), reviews.peak_megabytes())
"""


def made_up_documents() -> dict[str, bytes]:
    """Files that no packer makes smaller."""
    found = {}
    for number in range(DOCUMENTS):
        block = hashlib.sha256(str(number).encode()).digest()
        data = b"%PDF-1.4\n" + block * (DOCUMENT_BYTES // len(block)) + b"startxref\n%%EOF\n"
        found[hashlib.sha256(data).hexdigest()] = data
    return found


def made_up_review(documents: dict[str, bytes]) -> tuple[Any, Any]:
    """A review at its end, and its files."""
    from wholesystem.reviews import BundleFiles, Review, make_event, records
    from wholesystem.reviews.frameworks import read_framework

    framework = read_framework("local_system_review_2017")
    questions = [one.kloe for one in framework.questions]
    digests = list(documents)
    history: list[Any] = []
    for number in range(EVENTS):
        history.append(
            make_event(
                history[-1] if history else None, at=AT, by="ada", action="changed",
                table="evidence", record=f"E{number % EVIDENCE}",
                changes={"text": [WORDS, WORDS * 2]},
            )
        )  # fmt: skip
    review = Review(
        records.ReviewInfo(
            review="made_up", title="Made up", area_code="E10000025", area="Oxfordshire",
            framework=framework.info.framework, stage="reporting", opened_on=date(2017, 11, 1),
        ),
        framework,
        people=(records.Person(person="ada", name="Ada", role="lead"),),
        documents=tuple(
            records.Document(
                document=digest, name=f"{at}.pdf", media_type="application/pdf",
                size_bytes=len(documents[digest]), **BY,
            )
            for at, digest in enumerate(digests)
        ),
        sources=tuple(
            records.Source(
                source=f"S{at}", kind="document", title=f"Paper {at}", document=one, **BY
            )
            for at, one in enumerate(digests)
        ),
        evidence=tuple(
            records.Evidence(
                evidence=f"E{at}", source=f"S{at % DOCUMENTS}", form="quote", text=WORDS.strip(),
                shows="concern", kloe=(questions[at % len(questions)],), **BY,
            )
            for at in range(EVIDENCE)
        ),
        anchors=tuple(
            records.Anchor(
                evidence=f"E{at}", document=digests[at % DOCUMENTS], start=at * len(WORDS),
                end=(at + 1) * len(WORDS) - 1, quoted=WORDS.strip(),
            )
            for at in range(EVIDENCE)
        ),
        findings=tuple(
            records.Finding(
                finding=f"F{at}", kloe=questions[at % len(questions)], statement=WORDS,
                status="candidate", **BY,
            )
            for at in range(FINDINGS)
        ),
        finding_evidence=tuple(
            records.FindingEvidence(finding=f"F{at % FINDINGS}", evidence=f"E{at}", side="for")
            for at in range(EVIDENCE)
        ),
        history=tuple(history),
    )  # fmt: skip
    texts = dict.fromkeys(digests, WORDS * EVIDENCE)
    return review, BundleFiles(documents, texts)


def carry() -> tuple[float, float, int]:
    """Seconds out to a zip and in again, and its bytes; the review must be the same."""
    from wholesystem.reviews import read_bundle, write_bundle

    review, files = made_up_review(made_up_documents())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        names = iter(range(100))
        out = statistics.median(
            wall_seconds(lambda: write_bundle(review, files, place / f"{next(names)}.zip"))
            for _ in range(3)
        )
        read: list[Any] = []
        back = statistics.median(
            wall_seconds(lambda: read.append(read_bundle(place / "0.zip"))) for _ in range(3)
        )
        if any(one.review != review or one.edited for one in read):
            sys.exit("The review came back otherwise.")
        return out, back, (place / "0.zip").stat().st_size


def example_lines() -> list[Line]:
    """The packaged review, out and in; none where it is not there."""
    try:
        from wholesystem.examples.review import read_example_review
    except ImportError:
        return []
    from wholesystem.reviews import read_bundle, write_bundle

    bundle = read_example_review()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "oxfordshire.zip"
        found: list[Any] = []
        out = wall_seconds(lambda: write_bundle(bundle.review, bundle.files, place))
        back = wall_seconds(lambda: found.append(read_bundle(place)))
    same = replace(found[0], files=bundle.files, program="") == replace(bundle, program="")
    what = f"review: Oxfordshire ({len(bundle.review.evidence)} pieces of evidence)"
    line = at_most(f"{what}, out as a bundle and in", out + back, 3, " s")
    return [line, Line(f"{what}, comes back the same", "yes" if same else "no", "yes", same)]


def weighed_lines() -> list[Line]:
    """Milliseconds of triangulation, its warnings and searches, on a review of 5,000 pieces."""
    from wholesystem.reviews import find_names, find_questions, triangulate, warnings_of

    review, today = large_review(), date(2018, 2, 1)
    grid = triangulate(review)
    passage = WORDS * 64
    what = f"review: {LARGE:,} pieces of evidence"
    return [
        at_most(f"{what}, triangulation", milliseconds(lambda: triangulate(review)), 100, " ms"),
        at_most(
            f"{what}, {LARGE // 20} findings: all warnings",
            milliseconds(lambda: warnings_of(review, today, grid=grid)), 100, " ms",
        ),
        at_most(
            "review: a question found from a few letters (38 questions, 103 prompts)",
            milliseconds(lambda: find_questions(review.framework, "crsis resp")), 10, " ms",
        ),
        at_most(
            f"review: names in a passage of {len(passage):,} characters",
            milliseconds(lambda: find_names(passage)), 20, " ms",
        ),
    ]  # fmt: skip


def large_review() -> Any:
    """Evidence of all kinds and sides, more than any review has had."""
    from wholesystem.reviews import Review, records
    from wholesystem.reviews.frameworks import read_framework
    from wholesystem.reviews.words import SOURCE_KINDS

    framework = read_framework("local_system_review_2017")
    questions = [one.kloe for one in framework.questions]
    shows = ("strength", "concern", "concern", "neither")
    return Review(
        records.ReviewInfo(
            review="large", title="Large", area_code="E10000025", area="Oxfordshire",
            framework=framework.info.framework, stage="reporting", opened_on=date(2017, 11, 1),
        ),
        framework,
        organisations=tuple(
            records.Organisation(organisation=f"O{at}", name=f"Organisation {at}")
            for at in range(20)
        ),
        people=(records.Person(person="ada", name="Ada", role="lead"),),
        sources=tuple(
            records.Source(
                source=f"S{at}", kind=SOURCE_KINDS[at % len(SOURCE_KINDS)], title="A source", **BY
            )
            for at in range(LARGE // 20)
        ),
        evidence=tuple(
            records.Evidence(
                evidence=f"E{at}", source=f"S{at * 7 % (LARGE // 20)}", form="quote", text=WORDS,
                shows=shows[at % len(shows)], organisations=(f"O{at * 3 % 20}",),
                kloe=tuple({questions[at % 38], questions[at * 5 % 38]}), **BY,
            )
            for at in range(LARGE)
        ),
        findings=tuple(
            records.Finding(
                finding=f"F{at}", kloe=questions[at % 38], statement=WORDS, status="candidate", **BY
            )
            for at in range(LARGE // 20)
        ),
        finding_evidence=tuple(
            records.FindingEvidence(
                finding=f"F{at % (LARGE // 20)}", evidence=f"E{at}",
                side="against" if at % 5 == 0 else "for",
            )
            for at in range(LARGE)
        ),
    )  # fmt: skip


def milliseconds(call: Any) -> float:
    """Median of seven calls, on the clock."""
    return statistics.median(wall_seconds(call) for _ in range(7)) * 1000


def figure_lines() -> list[Line]:
    """The cited figures of the packaged review, looked up in the packaged extract."""
    try:
        from wholesystem.examples.extract import open_extract
        from wholesystem.examples.review import read_example_review
    except ImportError:
        return []
    from wholesystem.reviews import FigureSources, find_observations, live_figures
    from wholesystem.reviews import published_figures as published

    review = read_example_review().review
    with open_extract() as extract:
        store = extract.store
        first = wall_seconds(lambda: live_figures(review, FigureSources.of_store(store)))
        again = milliseconds(lambda: live_figures(review, FigureSources.of_store(store)))
        find_observations(published(store), "E10000025", "dtoc")
        found = milliseconds(lambda: find_observations(published(store), "E10000025", "dtoc nhs"))
    what = f"review: {len(review.figures)} cited figures looked up (packaged extract)"
    return [
        Line(f"{what}, the first time", f"{first * 1000:.0f} ms"),
        at_most(f"{what}, warm", again, 50, " ms"),
        at_most("review: a figure to cite found from a few letters, warm", found, 50, " ms"),
    ]


def review_lines() -> list[Line]:
    """A review out as a zip and in with the memory of both; what pages work out of one."""
    out, back, size, megabytes = map(float, run_command([sys.executable, "-c", CODE]).split()[-4:])
    what = f"review: {EVIDENCE} pieces of evidence, {EVENTS:,} events, {size / 1e6:.0f} MB"
    return [
        *example_lines(),
        at_most(f"{what}, out as a bundle and in", out + back, 3, " s"),
        Line(f"{what}, in alone", f"{back:.3g} s"),
        Line("review: peak memory of that, its documents included", f"{megabytes:.0f} MB"),
        *weighed_lines(),
        *figure_lines(),
    ]


__all__ = ["carry", "peak_megabytes", "review_lines"]

if __name__ == "__main__":
    for line in review_lines():
        print(line.what, line.measured, line.target, line.verdict, sep="  ")

"""The command `wholesystem report`: its functions and its part of the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem import _options
from wholesystem._options import OUT, Command, argument, option
from wholesystem.errors import UserError, shorten_value

if TYPE_CHECKING:
    from wholesystem.reports.documents import Document, House
    from wholesystem.reviews import Bundle

__all__ = ["REPORT_COMMANDS"]

KINDS = ("review",)
FORMATS = ("html", "pdf", "docx")


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(one.strip().lower() for one in text.split(","))
    unknown = [one for one in names if one not in FORMATS]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"{shorten_value(unknown[0])} is not allowed. Formats are {', '.join(FORMATS)}, parted"
            " by commas. For example: --format html,pdf"
        )
    return tuple(one for one in FORMATS if one in names)


def _run_report(
    *,
    review: Path,
    kind: str,
    formats: tuple[str, ...],
    out: Path,
    data: Path | None,
    until: date | None,
    house: Path | None,
    day: date | None,
    version: str,
) -> None:
    """Write the report of a review."""
    from wholesystem import files
    from wholesystem.reports.documents import read_house, write_document

    files.check_folder(out)
    look: House | None = read_house(house) if house else None
    bundle = _bundle(review)
    made = {"review": _review_report}[kind](bundle, data, until, day or date.today(), version)
    written = write_document(made, out, name=f"{kind}-report", formats=formats, house=look)
    for note in written.notes:
        print(f"Note: {note}", file=sys.stderr)
    for path in written.paths:
        print(f"Wrote {path}.")


def _bundle(review: Path) -> Bundle:
    """A bundle on disk, or a packaged review by its name."""
    from wholesystem import reviews
    from wholesystem.examples.review import EXAMPLE_REVIEWS, read_example_review

    if str(review) in EXAMPLE_REVIEWS and not review.exists():
        return read_example_review(str(review))
    if not review.exists():
        raise UserError(
            f"There is no review at {review}. Name its folder or zip, or a packaged review:"
            f" {', '.join(EXAMPLE_REVIEWS)}."
        )
    return reviews.read_bundle(review)


@contextmanager
def _figures(data: Path | None, bundle: Bundle, until: date | None) -> Iterator[tuple[Any, Any]]:
    """Published figures and how to profile from them; the packaged extract for its own area."""
    from wholesystem.examples import demo_profile
    from wholesystem.indicators.profile import ProfileOptions

    if data is not None:
        from wholesystem.reports.profile_run import open_data

        with open_data(data) as loading:
            yield loading, ProfileOptions(until=until)
    elif bundle.review.info.area_code == demo_profile.AREA:
        from wholesystem.examples.extract import extract_comparators, open_extract

        print(
            "Figures are those of the packaged extract. Name a folder of published files with"
            " --data for later ones.",
            file=sys.stderr,
        )
        with open_extract() as loading:
            options = ProfileOptions(until=until or demo_profile.UNTIL, lists=extract_comparators())
            yield loading, options
    else:
        yield None, None


def _review_report(
    bundle: Bundle, data: Path | None, until: date | None, day: date, version: str
) -> Document:
    from wholesystem.reports.review_report import make_review_report
    from wholesystem.reports.review_report.making import report_inputs
    from wholesystem.reviews.report.problems import problems_of

    with _figures(data, bundle, until) as (loading, options):
        inputs, drafted = report_inputs(bundle, loading, options)
    if drafted:
        print("Nobody has written the report yet: its prose is drafted from confirmed findings.")
    if inputs.profile is None:
        print("There are no published figures of the area here, so the data profile is left out.")
    _print_problems(problems_of(bundle.review, inputs.paragraphs, inputs.live))
    return make_review_report(inputs, day=day, version=version)


def _print_problems(problems: Any) -> None:
    """How many problems of each kind the prose has."""
    from collections import Counter

    from wholesystem.reviews.report.problems import problem_kinds

    counts = Counter(one.kind for one in problems)
    for kind, words in problem_kinds().items():
        if counts[kind]:
            print(f"To look at: {words.label}: {counts[kind]}. {words.remedy}", file=sys.stderr)


REPORT_COMMANDS: tuple[Command, ...] = (
    Command(
        "report",
        "write a review's report as a page, a PDF and a Word file",
        _run_report,
        (
            argument(
                "REVIEW", dest="review", help="the review's folder or zip, or a packaged one's name"
            ),
            option("--kind", choices=KINDS, default="review", help="which report; review"),
            option(
                "--format",
                dest="formats",
                type=_formats,
                metavar="LIST",
                default=FORMATS,
                help="html, pdf and docx parted by commas; all three if not given",
            ),
            OUT,
            option(
                "--data",
                type=Path,
                metavar="DIR",
                help="folder or zip of files as published, or a store: for the data profile, and"
                " to hold cited figures against",
            ),
            option(
                "--until",
                type=_options.day,
                metavar="DATE",
                help="last day of the figures in the data profile",
            ),
            option(
                "--house",
                type=Path,
                metavar="DIR",
                help="folder of your own look: house.toml with colours, words and a logo",
            ),
            option(
                "--date",
                dest="day",
                type=_options.day,
                metavar="DATE",
                help="on the cover, such as 2018-02-12; today if not given",
            ),
            option(
                "--version-word",
                dest="version",
                metavar="TEXT",
                default="DRAFT",
                help="on every page; DRAFT if not given, nothing if empty",
            ),
        ),
    ),
)

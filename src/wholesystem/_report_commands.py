"""The command `wholesystem report`: its functions and its part of the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class _Asked:
    """What was asked for on the command line."""

    review: Path
    data: Path | None
    until: date | None
    plan: Path | None
    market: Path | None
    bundles: Path | None
    day: date
    version: str


def _run_report(
    *,
    review: Path,
    kind: str,
    formats: tuple[str, ...],
    out: Path,
    data: Path | None,
    until: date | None,
    plan: Path | None,
    market: Path | None,
    bundles: Path | None,
    house: Path | None,
    day: date | None,
    version: str,
) -> None:
    """Write the report of a review, of its follow-up, or of a programme of reviews."""
    from wholesystem import files
    from wholesystem.reports.documents import read_house, write_document

    files.check_folder(out)
    look: House | None = read_house(house) if house else None
    asked = _Asked(review, data, until, plan, market, bundles, day or date.today(), version)
    made = KINDS[kind](asked)
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


def _review_report(asked: _Asked) -> Document:
    from wholesystem.reports.review_report import make_review_report
    from wholesystem.reports.review_report.making import report_inputs
    from wholesystem.reviews.report.problems import problems_of

    bundle = _bundle(asked.review)
    with _figures(asked.data, bundle, asked.until) as (loading, options):
        inputs, drafted = report_inputs(bundle, loading, options)
    if drafted:
        print("Nobody has written the report yet: its prose is drafted from confirmed findings.")
    if inputs.profile is None:
        print("There are no published figures of the area here, so the data profile is left out.")
    _print_problems(problems_of(bundle.review, inputs.paragraphs, inputs.live))
    inputs = replace(inputs, more=_market(asked))
    return make_review_report(inputs, day=asked.day, version=asked.version)


def _market(asked: _Asked) -> dict[str, Any]:
    """Money and care market, from the tables that were given or those packaged with the review."""
    from wholesystem.examples.market import read_example_market
    from wholesystem.examples.review import EXAMPLE_REVIEWS
    from wholesystem.reports.market_blocks import market_blocks
    from wholesystem.reviews.market import market_result, read_market

    if asked.market is not None:
        return dict(market_blocks(market_result(read_market(asked.market))))
    if str(asked.review) == EXAMPLE_REVIEWS[0] and not asked.review.exists():
        return dict(market_blocks(market_result(read_example_market())))
    return {}


def _progress_report(asked: _Asked) -> Document:
    from wholesystem.examples.follow_up import (
        RETURN_VISIT,
        example_follow_up_figures,
        read_example_follow_up,
    )
    from wholesystem.reports.progress_report import make_progress_report
    from wholesystem.reviews.figure_series import published_figures
    from wholesystem.reviews.follow_up import FollowUpFigures, follow_up, read_follow_up
    from wholesystem.reviews.plan import read_plan

    bundle = _bundle(asked.review)
    if asked.plan is not None:
        recorded = read_follow_up(asked.plan, read_plan(asked.plan, bundle.review))
    elif bundle.review.info.review == "oxfordshire_2017" and not asked.review.exists():
        recorded = read_example_follow_up()
        asked = replace(asked, until=asked.until or RETURN_VISIT)
    else:
        raise UserError(
            "A report of progress needs the action plan. Name the folder of its tables with --plan."
        )
    with _figures(asked.data, bundle, asked.until) as (loading, options):
        if loading is None:
            figures = FollowUpFigures()
        elif asked.data is None:
            figures = example_follow_up_figures(loading.store)
        else:
            figures = FollowUpFigures(published_figures(loading.store), lists=options.lists)
        result = follow_up(recorded, figures, asked.until or asked.day)
    return make_progress_report(result, day=asked.day, version=asked.version)


def _programme_report(asked: _Asked) -> Document:
    from wholesystem.examples.programme import PROGRAMME, PROGRAMME_INDICATORS, example_programme
    from wholesystem.indicators.profile import ProfileOptions
    from wholesystem.reports.profile_run import open_data
    from wholesystem.reports.programme_report import make_programme_report
    from wholesystem.reviews.programme import ProgrammeFigures, read_programme, summarise

    name = str(asked.review)
    if name == PROGRAMME and asked.bundles is None:
        summary = example_programme(*([asked.until] if asked.until else []))
    else:
        programme = read_programme(name if name == PROGRAMME else asked.review)
        found = sorted(asked.bundles.iterdir()) if asked.bundles else []
        reviews = [one for one in found if one.is_dir() or one.suffix.lower() == ".zip"]
        if asked.data is None:
            summary = summarise(programme, reviews, on=asked.day)
        else:
            with open_data(asked.data) as loading:
                figures = ProgrammeFigures(
                    loading.store, PROGRAMME_INDICATORS, ProfileOptions(until=asked.until)
                )
                summary = summarise(programme, reviews, on=asked.day, figures=figures)
    for row in summary.table("not_counted").records():
        print(f"Not counted: {row['place']}: {row['why']}", file=sys.stderr)
    return make_programme_report(summary, day=asked.day, version=asked.version)


#: What each kind of report is made by.
KINDS = {"review": _review_report, "progress": _progress_report, "programme": _programme_report}


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
        "write the report of a review, of its follow-up or of a programme: page, PDF and Word",
        _run_report,
        (
            argument(
                "REVIEW",
                dest="review",
                type=Path,
                help="the review's folder or zip, or a packaged one's name; of a programme its"
                " tables, or its name",
            ),
            option(
                "--kind",
                choices=tuple(KINDS),
                default="review",
                help="which report; that of the review if not given",
            ),
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
                "--plan",
                type=Path,
                metavar="DIR",
                help="of progress: folder of the action plan's tables and of what was said of it",
            ),
            option(
                "--market",
                type=Path,
                metavar="DIR",
                help="of a review: folder or workbook of money and care market tables",
            ),
            option(
                "--bundles",
                type=Path,
                metavar="DIR",
                help="of a programme: folder of the reviews, each a folder or a zip",
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

"""The commands `wholesystem review ...`: their functions and their part of the table."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem import _options
from wholesystem._options import Command, argument, option
from wholesystem.errors import OutputError, ParameterError, shorten_value

if TYPE_CHECKING:
    from wholesystem.reviews import Bundle, LiveFigure

__all__ = ["REVIEW_COMMANDS"]


def _print_told(bundle: Bundle) -> None:
    """What the person should know of a bundle that is sound."""
    for name in bundle.edited:
        print(f"Edited since it was written: {_shown(name)}", file=sys.stderr)
    for note in bundle.notes:
        print(f"Note: {_shown(note)}", file=sys.stderr)


def _shown(text: str) -> str:
    """Text as a terminal may show it: what does not print, as its escape."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _run_check(*, bundle: Path) -> None:
    """Read a bundle and report every fault, or what is in it."""
    from wholesystem import reviews
    from wholesystem.reviews.summary import count_lines

    found = reviews.read_bundle(bundle)
    _print_told(found)
    print(*count_lines(found.review), sep="\n")
    if found.review.history:
        print("The history is whole: each event follows on the one before.")
    print(f"{bundle} is a sound bundle.")


def _run_show(*, bundle: Path, rules: Path | None, data: Path | None, today: date | None) -> None:
    """Show what evidence a review has by question and kind of source, and its warnings."""
    from wholesystem import reviews
    from wholesystem.reviews.summary import question_lines, warning_lines

    asked = reviews.packaged_rules() if rules is None else reviews.read_rules(rules)
    found = reviews.read_bundle(bundle)
    _print_told(found)
    figures = _live_figures(found, data)
    info = found.review.info
    print(_shown(f"{info.title} ({info.area}): stage {info.stage}"))
    print(*question_lines(found.review, asked), sep="\n")
    for line in warning_lines(found.review, today or date.today(), rules=asked, figures=figures):
        print(_shown(line))


def _live_figures(bundle: Bundle, data: Path | None) -> dict[str, LiveFigure]:
    """What cited figures are now: in the bundle's measures, in published statistics if given."""
    from wholesystem.reviews import FigureSources, live_figures

    measures = bundle.files.measures
    if data is None:
        return live_figures(bundle.review, FigureSources(measures=measures))
    from wholesystem.reports.profile_run import open_data

    with open_data(data) as loading:
        return live_figures(bundle.review, FigureSources.of_store(loading.store, measures))


def _run_pack(*, folder: Path, zip_file: Path) -> None:
    """Write a bundle's folder as a zip."""
    _check_ending(zip_file, wanted=True)
    _copy(folder, zip_file)


def _run_unpack(*, zip_file: Path, folder: Path) -> None:
    """Write a bundle's zip as a folder."""
    _check_ending(folder, wanted=False)
    _copy(zip_file, folder)


def _copy(source: Path, target: Path) -> None:
    from wholesystem import reviews

    found = reviews.read_bundle(source)
    _print_told(found)
    reviews.write_bundle(found.review, found.files, target)
    print(f"Wrote {target}.")


def _check_ending(path: Path, *, wanted: bool) -> None:
    if (path.suffix.lower() == ".zip") != wanted:
        rule = "must end in .zip" if wanted else "is a folder and must not end in .zip"
        raise ParameterError(
            f"{shorten_value(str(path))} is not allowed. What is written {rule}."
            f" For example: {path.with_suffix('.zip' if wanted else '')}"
        )


def _run_new(*, folder: Path, area: str, framework: str, title: str) -> None:
    """Write a review with nothing in it yet, to be filled in a spreadsheet."""
    from wholesystem import indicators, reviews
    from wholesystem.reviews.frameworks import read_framework
    from wholesystem.reviews.starting import start_review

    _check_ending(folder, wanted=False)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(
            f"{folder} is there already. A new review needs a folder of its own, so that nothing"
            " is overwritten. Choose another name."
        )
    found = indicators.find_area(area)
    review = start_review(
        title=title,
        area_code=found.code,
        area=found.name,
        framework=read_framework(framework),
        opened_on=date.today(),
    )
    reviews.write_bundle(review, None, folder)
    print(f"Wrote an empty review to {folder}. Start with people.csv, then check it with:")
    print(f"  wholesystem review check {folder}")


def _run_to_excel(*, bundle: Path, workbook: Path) -> None:
    """Write a review as one workbook for reading."""
    from wholesystem import reviews
    from wholesystem.reviews.workbook import write_review_workbook

    found = reviews.read_bundle(bundle)
    _print_told(found)
    write_review_workbook(found.review, workbook)
    print(f"Wrote {workbook}.")


BUNDLE = argument("BUNDLE", dest="bundle", help="the review's folder, or its zip")

REVIEW_COMMANDS: tuple[Command, ...] = (
    Command(
        "review check",
        "report every fault of a review's bundle, and check its history",
        _run_check,
        (BUNDLE,),
    ),
    Command(
        "review show",
        "show what evidence a review has for each question, and what to look at again",
        _run_show,
        (
            BUNDLE,
            option(
                "--rules",
                type=Path,
                metavar="FILE.csv",
                help="thresholds of your own; rules that it leaves out stay as packaged",
            ),
            option(
                "--data",
                type=Path,
                metavar="DIR",
                help="folder or zip of files as published, or a store, to hold cited figures"
                " against",
            ),
            option(
                "--today",
                type=_options.day,
                metavar="DATE",
                help="day from which age and what is due are counted, such as 2018-02-12",
            ),
        ),
    ),
    Command(
        "review pack",
        "write a review's folder as a zip",
        _run_pack,
        (
            argument("DIR", dest="folder", help="the review's folder"),
            argument("FILE.zip", dest="zip_file", help="the zip to write"),
        ),
    ),
    Command(
        "review unpack",
        "write a review's zip as a folder",
        _run_unpack,
        (
            argument("FILE.zip", dest="zip_file", help="the review's zip"),
            argument("DIR", dest="folder", help="the folder to write; an earlier one is replaced"),
        ),
    ),
    Command(
        "review new",
        "start a review with nothing in it yet, to be filled in a spreadsheet",
        _run_new,
        (
            argument("DIR", dest="folder", help="the review's folder; must not exist, or be empty"),
            option("--area", metavar="NAME", required=True, help="the area's name or code"),
            option(
                "--framework",
                metavar="ID",
                default="local_system_review_2017",
                help="the questions: id of a packaged framework, or a folder of its tables",
            ),
            option("--title", metavar="TEXT", required=True, help="what the review is called"),
        ),
    ),
    Command(
        "review to-excel",
        "write a review as one Excel workbook for reading",
        _run_to_excel,
        (BUNDLE, argument("FILE.xlsx", dest="workbook", help="the workbook to write")),
    ),
)

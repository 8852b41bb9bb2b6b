"""The commands `wholesystem cases ...`: their functions and their part of the table."""

from __future__ import annotations

from pathlib import Path

from wholesystem import _options
from wholesystem._options import OUT, Command, argument, option

__all__ = ["CASE_COMMANDS"]


def _run_sample(*, file: Path, strata: Path | None, seed: int, out: Path) -> None:
    """Draw journeys by strata and write them with their timelines."""
    from wholesystem import files, stays
    from wholesystem.reports.case_page import write_case_files
    from wholesystem.reviews import cases

    files.check_folder(out)
    asked = cases.packaged_strata() if strata is None else cases.read_strata(strata)
    found = stays.read_stays(file)
    sample = cases.sample_cases(found, asked, seed)
    timelines = {
        one.case: cases.timeline_rows(cases.journey_of(found, one.person)) for one in sample.cases
    }
    with files.staged_folder(out) as folder:
        write_case_files(sample, timelines, folder)
        cases.write_drawn(found, sample, folder)
    for one in sample.counts:
        print(f"{one.stratum}: {one.drawn} of {one.eligible:,} eligible. {one.note}".rstrip())
    print(f"Wrote the cases to {out}. Open {out / 'index.html'} in a browser.")


CASE_COMMANDS: tuple[Command, ...] = (
    Command(
        "cases sample",
        "draw journeys to look at from a stays file, each with its timeline",
        _run_sample,
        (
            argument("STAYS", dest="file", help="the stays file: .csv or .parquet"),
            option(
                "--strata",
                type=Path,
                metavar="FILE.csv",
                help="how many cases of which kind; the packaged table if not given",
            ),
            option(
                "--seed",
                type=_options.seed,
                metavar="S",
                required=True,
                help="whole number from 0 that fixes the draw",
            ),
            OUT,
        ),
    ),
)

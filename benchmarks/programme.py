"""A programme of twenty areas: every review read from its bundle, every figure, to tables.

Each area has a review as large as the packaged one of Oxfordshire (265 pieces of evidence, 37
findings), under its own code, as a zip. The figures are the packaged extract of the twenty areas;
where the reference data lies beside the checkout, once more from a store of all published files.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.indicators_store import peak_megabytes
from benchmarks.measure import Line, at_most, run_command, wall_seconds
from benchmarks.profiles import FOLDERS, SHARED, WORKBOOKS

PROGRAMME = "local_system_reviews_2017"
UNTIL = date(2018, 11, 30)
AREAS = 20
#: The report of a programme may take 60 seconds; the summary is the part of it that reads.
TARGET_SECONDS = 5

# In a process of its own, so that nothing is warm and the peak is its own.
CODE = """
import sys
from pathlib import Path
from benchmarks import programme
print(programme.summarise_all(*map(Path, sys.argv[1:])), programme.peak_megabytes())
"""


def write_bundles(folder: Path) -> list[Path]:
    """A review of every area, as a zip each."""
    from wholesystem.examples.review import read_example_review
    from wholesystem.reviews import write_bundle
    from wholesystem.reviews.programme import read_programme

    bundle = read_example_review()
    whole = bundle.review
    paths = []
    for area in read_programme(PROGRAMME).areas:
        named = {"review": area.area_code, "area_code": area.area_code, "area": area.area}
        path = folder / f"{area.area_code}.zip"
        write_bundle(replace(whole, info=whole.info.model_copy(update=named)), bundle.files, path)
        paths.append(path)
    return paths


def write_store(folder: Path) -> None:
    """A store of the packaged figures."""
    from wholesystem.examples.extract import open_programme_extract

    with open_programme_extract(folder):
        pass


def write_full_store(folder: Path) -> None:
    """A store of all published files beside the checkout."""
    from wholesystem.indicators import Store
    from wholesystem.indicators.loaders import load_files

    store = Store.open_or_create(folder)
    for name in (WORKBOOKS, *FOLDERS):
        loaded, _ = load_files(SHARED / name)
        store.add(loaded, keep_good=True)


def summarise_all(bundles: Path, store: Path, out: Path) -> float:
    """Seconds from bundles and a store to the tables in files, imports included."""

    def run() -> None:
        from wholesystem.examples.programme import PROGRAMME_INDICATORS
        from wholesystem.indicators import Store
        from wholesystem.indicators.profile import ProfileOptions
        from wholesystem.reviews.programme import (
            ProgrammeFigures,
            read_programme,
            summarise,
            write_summary,
        )

        summary = summarise(
            read_programme(PROGRAMME),
            sorted(bundles.glob("*.zip")),
            on=UNTIL,
            figures=ProgrammeFigures(
                Store.open(store), PROGRAMME_INDICATORS, ProfileOptions(until=UNTIL)
            ),
        )
        counted = len(summary.gathered.reviews)
        rates = sum(x.value is not None for one in summary.indicators for x in one.areas)
        if (counted, rates) != (AREAS, AREAS * len(PROGRAMME_INDICATORS)):
            sys.exit(f"{counted} reviews and {rates} figures of {AREAS} areas were counted")
        write_summary(summary, out)

    return wall_seconds(run)


def programme_lines() -> list[Line]:
    """Seconds and megabytes of the summary of twenty areas."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles = folder / "bundles"
        bundles.mkdir()
        write_bundles(bundles)
        stores = {"packaged figures": write_store}
        if (SHARED / WORKBOOKS).exists():
            stores["all published figures"] = write_full_store
        for label, make in stores.items():
            store = folder / label.replace(" ", "_")
            make(store)
            out = str(folder / "out")
            told = run_command([sys.executable, "-c", CODE, str(bundles), str(store), out])
            seconds, megabytes = map(float, told.split())
            what = f"programme: {AREAS} reviews from bundles, {label}, to tables"
            lines += [
                at_most(what, seconds, TARGET_SECONDS, " s"),
                Line(f"programme: peak memory of that ({label})", f"{megabytes:.0f} MB"),
            ]
    return lines


__all__ = ["peak_megabytes", "programme_lines", "summarise_all"]

"""From published files to profiles: loading, one area, and every area.

Where the reference data lies beside the checkout, the files are those as published: 105 workbooks
of delayed transfers, and all others. Elsewhere the extract that comes with the package stands in
for them, and the lines say so: their targets are then easily met.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from importlib import resources
from pathlib import Path

from benchmarks.indicators_store import peak_megabytes
from benchmarks.measure import Line, at_most, run_command, wall_seconds

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
WORKBOOKS = "dtoc/raw_xls_psychty_DTOC_data.zip"
FOLDERS = ("population", "nhsrdatasets", "geography", "healthyr", "oflog_ascof", "winter_sitreps")
EXTRACT = "oxfordshire_2017/profile/figures"
AREA = "Oxfordshire"

# Each is measured in a process of its own, so that nothing is warm and the peak is its own.
CODE = """
import sys
from pathlib import Path
from benchmarks import profiles
seconds = profiles.{name}(*map(Path, sys.argv[1:]))
print(seconds, profiles.peak_megabytes())
"""


def measured(name: str, *places: Path) -> tuple[float, float]:
    """Seconds and megabytes of one of the functions here."""
    code = CODE.format(name=name)
    told = run_command([sys.executable, "-c", code, *map(str, places)])
    seconds, megabytes = told.split()[-2:]
    return float(seconds), float(megabytes)


def load_workbooks(path: Path) -> float:
    """Seconds from files to observations, what is imported for it included."""

    def load() -> None:
        from wholesystem.indicators.loaders import load_files

        loaded, errors = load_files(path)
        if errors or not loaded:
            sys.exit(f"{path}: {len(loaded)} files, {len(errors)} refused")

    return wall_seconds(load)


def fill_store(data: Path, folder: Path) -> float:
    """Seconds from files to a store."""

    def fill() -> None:
        from wholesystem.reports.profile_run import open_data

        with open_data(data, keep=folder):
            pass

    return wall_seconds(fill)


def write_one(folder: Path, out: Path) -> float:
    """Seconds of one area's profile in all formats, from a store that is loaded."""
    from wholesystem.indicators import find_area
    from wholesystem.indicators.profile import ProfileOptions
    from wholesystem.reports.profile_run import open_data, write_area_profile

    with open_data(folder) as loading:
        return wall_seconds(
            lambda: write_area_profile(loading, find_area(AREA), out, ProfileOptions())
        )


def write_all(folder: Path, out: Path) -> float:
    """Seconds of every profile in two processes, their start included."""
    from wholesystem.indicators.profile import ProfileOptions
    from wholesystem.reports.profile_run import open_data, write_all_profiles

    with open_data(folder) as loading:
        return wall_seconds(lambda: write_all_profiles(loading, out, ProfileOptions()))


def published_files(place: Path) -> tuple[Path, str]:
    """A folder of files to load, and what to call them."""
    if not (SHARED / WORKBOOKS).is_file():
        return Path(str(resources.files("wholesystem.examples") / EXTRACT)), "packaged extract"
    data = place / "data"
    data.mkdir()
    for path in (SHARED / WORKBOOKS, *(p for f in FOLDERS for p in (SHARED / f).glob("*.csv*"))):
        (data / path.name).symlink_to(path)
    return data, "reference data"


def profile_lines(rounds: int = 3) -> list[Line]:
    """Time and memory of loading, of one profile and of all."""
    lines = []
    if (SHARED / WORKBOOKS).is_file():
        times, peaks = zip(
            *(measured("load_workbooks", SHARED / WORKBOOKS) for _ in range(rounds)), strict=True
        )
        what = "105 workbooks of delayed transfers (315 sheets)"
        lines += [
            at_most(f"loading: {what} to observations", statistics.median(times), 15, " s"),
            at_most("loading: peak memory of that", max(peaks), 500, " MB"),
        ]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        data, name = published_files(place)
        store = place / "store"
        filling, peak = measured("fill_store", data, store)
        files = len(list(data.iterdir()))
        ones = [measured("write_one", store, place / f"one-{i}")[0] for i in range(rounds)]
        every, _ = measured("write_all", store, place / "all")
        count = sum(1 for path in (place / "all").iterdir() if path.is_dir())
        lines += [
            Line(f"loading: {files} files to a store ({name})", f"{filling:.3g} s"),
            Line("loading: peak memory of that", f"{peak:.0f} MB"),
            at_most(
                f"profile: one area, all formats, from a store ({name})",
                statistics.median(ones), 5, " s",
            ),
            at_most(f"profile: all {count} areas, two processes ({name})", every, 180, " s"),
        ]  # fmt: skip
    return lines


__all__ = ["peak_megabytes", "profile_lines"]

if __name__ == "__main__":
    for line in profile_lines():
        print(line.what, line.measured, line.target, line.verdict, sep="  ")

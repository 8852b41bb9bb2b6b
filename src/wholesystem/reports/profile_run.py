"""From published files, or a store of them, to the profiles of one area or of all."""

from __future__ import annotations

import gc
import re
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.errors import ParameterError
from wholesystem.files import check_folder, staged_folder
from wholesystem.indicators import Area, Indicator, LoadError, Store, read_catalogue
from wholesystem.indicators.areas import every_area, same_area_codes
from wholesystem.indicators.loaders import load_files
from wholesystem.indicators.profile import AreaProfile, ProfileData, ProfileOptions, make_profile
from wholesystem.indicators.store_files import MANIFEST
from wholesystem.pictures.tables import PictureTable
from wholesystem.reports.page import Page, Picture, Section, render_page
from wholesystem.reports.profile_files import write_profile
from wholesystem.reports.profile_page import LoadedFile
from wholesystem.reports.profile_view import summary_row

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Loading", "area_folder", "open_data", "write_all_profiles", "write_area_profile"]

Progress = Callable[[int, int, str], None]
#: So few that the processes end at nearly the same time.
AREAS_A_STEP = 5


@dataclass(frozen=True)
class Loading:
    """A store ready for profiles, and the account of the files that it was made from.

    Parameters
    ----------
    store : Store
        Figures and look-ups.
    files : tuple of LoadedFile
        An account of each file.
    errors : tuple of LoadError
        Of the files that were refused.
    """

    store: Store
    files: tuple[LoadedFile, ...]
    errors: tuple[LoadError, ...]


@contextmanager
def open_data(
    data: Path,
    *,
    keep: Path | None = None,
    catalogue: Mapping[str, Indicator] | None = None,
    progress: Progress | None = None,
) -> Iterator[Loading]:
    """Give a store of the figures in a folder.

    Parameters
    ----------
    data : Path
        A store; or a folder, zip file or single file as published.
    keep : Path, optional
        Folder of a store that published files are added to; a passing one if None.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    progress : callable, optional
        Called after each file with how many are done, how many there are, and its name.

    Yields
    ------
    Loading
        Good files; those refused are told of.

    Raises
    ------
    UserError
        If there is nothing to read.
    LoadError
        If every file was refused.
    """
    if (data / MANIFEST).exists() and keep is None:
        store = Store.open(data)
        yield Loading(store, files_of(store), ())
        return
    loaded, errors = load_files(data, progress, catalogue=catalogue)
    if errors and not loaded:
        raise LoadError([fault for error in errors for fault in error.faults])
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        store = Store.open_or_create(keep or Path(passing) / "store")
        report = store.add(loaded, catalogue=catalogue, keep_good=True)
        yield Loading(store, files_of(store), (*errors, *report.refused))


def files_of(store: Store) -> tuple[LoadedFile, ...]:
    """The account of every file of a store, for a page.

    Parameters
    ----------
    store : Store
        Any.

    Returns
    -------
    tuple of LoadedFile
        In the order in which they were added.
    """
    rows = store.loads().to_dict("records")
    return tuple(
        LoadedFile(
            row["file"], row["format"], int(row["rows_read"]), int(row["rows_kept"]), row["skipped"]
        )
        for row in rows
    )


def write_area_profile(
    loading: Loading,
    area: Area,
    out: Path,
    options: ProfileOptions,
    *,
    catalogue: Mapping[str, Indicator] | None = None,
    more: Sequence[Picture] = (),
) -> AreaProfile:
    """Write the profile of one area.

    Parameters
    ----------
    loading : Loading
        From `open_data`.
    area : Area
        From `find_area`.
    out : Path
        Folder of the files; as it was if anything fails.
    options : ProfileOptions
        What to show.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    more : sequence of Picture
        Further pictures and tables for the page.

    Returns
    -------
    AreaProfile
        As written.

    Raises
    ------
    UserError
        If there is no figure of the area.
    OutputError
        If the folder cannot be written.
    """
    check_folder(out)
    with _uncollected():
        data = ProfileData(loading.store, options, catalogue, only=area.code)
        profile = make_profile(data, area)
        with staged_folder(out) as folder:
            write_profile(profile, folder, loading.files, more)
    return profile


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for unused objects that hold each other: a profile's time has few of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# ------------------------------------------------------------------------ all areas


def write_all_profiles(
    loading: Loading,
    out: Path,
    options: ProfileOptions,
    *,
    catalogue: Mapping[str, Indicator] | None = None,
    processes: int = 2,
    progress: Progress | None = None,
) -> int:
    """Write the profile of every council of which there is a figure, and a page of them all.

    Parameters
    ----------
    loading : Loading
        From `open_data`.
    out : Path
        A folder for each area is made in it.
    options : ProfileOptions
        What to show.
    catalogue : mapping of str to Indicator, optional
        The packaged one if None.
    processes : int
        How many at once; at least 1.
    progress : callable, optional
        Called after each area with how many are done, how many there are, and its name.

    Returns
    -------
    int
        Profiles written.

    Raises
    ------
    ParameterError
        If there is no figure of any council, or each is passed over for another reason.
    OutputError
        If the folder cannot be written.
    """
    check_folder(out)
    areas = _areas_with_figures(loading.store)
    if not areas:
        raise ParameterError("There is no figure of any council in these files. Load some.")
    out.mkdir(parents=True, exist_ok=True)
    rows: list[_Row] = []
    for found in _run_areas(loading, areas, out, options, catalogue, processes):
        rows.append(found)
        if progress is not None:
            progress(len(rows), len(areas), found.name)
    rows.sort(key=lambda row: (row.name, row.code))
    written = [row for row in rows if not row.passed_over]
    if not written:
        raise ParameterError(f"There is no profile to write. {rows[0].passed_over}")
    with staged_folder(out) as folder:
        page = render_page(_page_of_all(written, [row for row in rows if row.passed_over]))
        (folder / "index.html").write_text(page, encoding="utf-8")
    return len(written)


@dataclass(frozen=True)
class _Row:
    """An area on the page of all, with a few of its indicators, or why it was passed over."""

    code: str
    name: str
    folder: str = ""
    indicators: int = 0
    cells: tuple[tuple[str, str], ...] = ()
    passed_over: str = ""


def area_folder(area: Area) -> str:
    """Name of an area's folder among all profiles.

    Parameters
    ----------
    area : Area
        Any.

    Returns
    -------
    str
        Name and code in letters, digits and hyphens.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", area.name.lower()).strip("-")
    return f"{slug}-{area.code}"


def _areas_with_figures(store: Store) -> list[Area]:
    """Councils of which there is any figure, each under its last code."""
    held = store.areas()
    codes = {
        same_area_codes(code)[-1]
        for code in held.loc[held["area_kind"] == "area", "area_code"]
        if code in every_area()
    }
    return sorted((every_area()[code] for code in codes), key=lambda one: one.name)


@dataclass(frozen=True)
class _Job:
    """All that the profile of any area is written with."""

    data: ProfileData
    files: tuple[LoadedFile, ...]
    out: Path

    def write(self, area: Area) -> _Row:
        """Write the profile of one area, or say why there is none."""
        try:
            profile = make_profile(self.data, area)
        except ParameterError as error:
            return _Row(area.code, area.name, passed_over=str(error))
        if all(one.subject.kind == "trust" for one in profile.indicators):
            return _Row(area.code, area.name, passed_over="Its trusts alone have figures.")
        name = area_folder(area)
        with staged_folder(self.out / name) as folder:
            write_profile(profile, folder, self.files)
        return _row(profile, name)


def _run_areas(
    loading: Loading,
    areas: Sequence[Area],
    out: Path,
    options: ProfileOptions,
    catalogue: Mapping[str, Indicator] | None,
    processes: int,
) -> Iterable[_Row]:
    """Rows of the areas as they are done."""
    if processes == 1:
        job = _Job(ProfileData(loading.store, options, catalogue), loading.files, out)
        yield from map(job.write, areas)
        return
    # As little as can be: what is sent while a process starts is cut short by Ctrl-C.
    own = None if catalogue is None or catalogue is read_catalogue() else dict(catalogue)
    start = (loading.store, options, own, out)
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_start, initargs=start
    ) as pool:
        yield from pool.map(_write_here, areas, chunksize=AREAS_A_STEP)


# In each further process: its job, kept so that every figure is read once and not once an area.
_here: list[_Job] = []


def _start(
    store: Store,
    options: ProfileOptions,
    catalogue: Mapping[str, Indicator] | None,
    out: Path,
) -> None:
    # Ctrl-C reaches every process of the terminal; the one that started this one stops it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here.append(_Job(ProfileData(store, options, catalogue), files_of(store), out))


def _write_here(area: Area) -> _Row:
    return _here[0].write(area)


# Shown on the page of all areas, where there are figures of them.
_SHOWN = ("dtoc_rate", "dtoc_rate_nhs", "dtoc_rate_social_care", "share_65_plus")


def _row(profile: AreaProfile, folder: str) -> _Row:
    cells = tuple(
        (text.name, f"{text.latest} ({text.period}; {text.variation_words.lower()})")
        for one in profile.indicators
        if one.indicator.indicator in _SHOWN
        for text in (summary_row(one),)
    )
    return _Row(profile.area.code, profile.area.name, folder, len(profile.indicators), cells)


def _page_of_all(rows: Sequence[_Row], others: Sequence[_Row]) -> Page:
    heads = list(dict.fromkeys(name for row in rows for name, _ in row.cells))
    table = PictureTable(
        "All profiles",
        ("Area", "Code", "Indicators", *heads),
        tuple(
            (
                row.name,
                row.code,
                str(row.indicators),
                *(dict(row.cells).get(head, "") for head in heads),
            )
            for row in rows
        ),
        (False, False, True, *(False for _ in heads)),
        tuple(f"{row.folder}/index.html" for row in rows),
    )
    without = tuple(f"{row.name} ({row.code}): {row.passed_over}" for row in others)
    return Page(
        "Local data profiles",
        f"{len(rows)} areas. Each has a page, a workbook and CSV files in a folder of its own.",
        (
            Section("all", "All profiles", pictures=(Picture(tables=(table,)),)),
            Section("without", "Councils without a profile", points=without),
        ),
        ("Contains public sector information licensed under the Open Government Licence v3.0.",),
    )

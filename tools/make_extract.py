"""Write the packaged extracts of published figures, from a store of all of them.

One is about Oxfordshire, the other about the further areas of the programme of reviews.

    python tools/make_extract.py STORE TRUST_AREAS_FILE

STORE is a store of the files as published (`wholesystem indicators load`); TRUST_AREAS_FILE is
lookup_nhs_trusts22_ltla21.csv of the geographr package. The tables are written in full each time,
in one order, so that the same store gives the same bytes. A test holds them to the published
files where these are at hand.
"""

import csv
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from wholesystem.examples.extract import COMPARATORS, FIGURES, LIST_NAME, PROGRAMME_FIGURES
from wholesystem.indicators import (
    Store,
    indicator_series,
    neighbour_features,
    packaged_comparators,
    statistical_neighbours,
)
from wholesystem.indicators.areas import same_area_codes
from wholesystem.indicators.neighbours import packaged_features
from wholesystem.reviews.programme import read_programme

AREA, ENGLAND, TRUST = "E10000025", "E92000001", "RTH"
NEIGHBOURS = 15
BANDS = ("population", *(f"population_{age}_plus" for age in (18, 65, 75, 85)))
TYPES = ("dtoc_days", "dtoc_days_acute", "dtoc_days_non_acute")
BODIES = ("dtoc_days_nhs", "dtoc_days_social_care", "dtoc_days_both")
REASONS = tuple(f"dtoc_days_reason_{x}" for x in "a b c di dii e f g h i".split())
ATTENDANCES = ("ae_attendances", "ae_over_4_hours", "ae_emergency_admissions")
BEDS = ("winter_ga_beds_open", "winter_ga_beds_occupied")
STAYS = ("winter_beds_over_7_days", "winter_beds_over_21_days")
HANDOVERS = ("handover_30_to_60", "handover_over_60")
LETTERS, DIGITS = re.compile(r"[A-Z]+"), re.compile(r"\d+")
#: The trust as the winter reports name it; another before April 2017.
NAME = "Oxford University Hospitals NHS Foundation Trust"
NAMES = dict.fromkeys((2015, 2016), "Oxford University Hospitals NHS Trust")
DATED = re.compile(r"population of (\d{4})")


@dataclass(frozen=True)
class Extract:
    """One table of the extract: figures that stand in one row of a published file."""

    name: str
    indicators: tuple[str, ...]
    areas: tuple[str, ...]
    start: date
    end: date
    period: str
    columns: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    """Write every table of the extract, its mappings and the list of comparators."""
    store = Store.open(sys.argv[1])
    FIGURES.mkdir(parents=True, exist_ok=True)
    neighbours = write_comparators(store)
    oflog = [code for one in packaged_comparators() if one.area_code == AREA for code in one.codes]
    others = {code for one in (*neighbours, *oflog) for code in same_area_codes(one)}
    areas = (AREA, ENGLAND, *sorted(others))
    for one in extracts(areas):
        write_extract(one, store, FIGURES)
    write_programme_extract(store, areas)
    write_attendances(store)
    write_lookups(store, Path(sys.argv[2]))


def write_programme_extract(store: Store, there: tuple[str, ...]) -> None:
    """Write delays and population of the areas of the programme that the other extract has not."""
    PROGRAMME_FIGURES.mkdir(parents=True, exist_ok=True)
    known = {code for one in there for code in same_area_codes(one)}
    programme = read_programme("local_system_reviews_2017")
    areas = tuple(sorted({one.area_code for one in programme.areas} - known))
    for one in area_extracts(areas):
        write_extract(one, store, PROGRAMME_FIGURES)


def extracts(areas: tuple[str, ...]) -> Iterable[Extract]:
    """Tables whose rows are those of a published file."""
    yield from area_extracts(areas)
    for year, more in ((2015, ()), (2016, ()), (2017, (*STAYS, *HANDOVERS))):
        winter = (date(year, 11, 1), date(year + 1, 3, 31))
        named = {"area": NAMES.get(year, NAME), "of": "trust"}
        name, all_of = f"winter_{year}_{year + 1}", (*BEDS, *more)
        yield Extract(name, all_of, (TRUST, ENGLAND), *winter, "day", ("area_kind",), named)


def area_extracts(areas: tuple[str, ...]) -> Iterable[Extract]:
    """Delays and population of some areas."""
    published = ("file", "published", "revised")
    reasons = (*TYPES, *BODIES, *REASONS)
    before, after = date(2015, 4, 1), date(2017, 4, 1)
    yield Extract("delays_2015_2017", reasons, areas, before, date(2017, 3, 31), "month", published)
    reasons = (*reasons, "dtoc_days_reason_o")
    yield Extract("delays_2017_2019", reasons, areas, after, date(2019, 12, 31), "month", published)
    years = (date(2017, 6, 30), date(2020, 6, 30))
    yield Extract("population", BANDS, areas, *years, "mid_year", ("geography",))


# ------------------------------------------------------------------------- one published row each


def write_extract(one: Extract, store: Store, folder: Path) -> None:
    """Write the table and the mapping of an extract."""
    figures = store.read(one.indicators, areas=one.areas, start=one.start, end=one.end)
    figures["at"] = [period_text(day, one.period) for day in figures["period_end"]]
    figures["row"] = [only(DIGITS.findall(cell)) for cell in figures["cell"]]
    columns = [name for name in one.columns if not is_constant(figures, name)]
    constants = {name: only(figures[name]) for name in one.columns if is_constant(figures, name)}
    constants |= {"publisher": only(figures["publisher"]), **one.constants}
    if "file" not in columns:
        constants["file"] = only(figures["file"])
    order = {code: place for place, code in enumerate(one.areas)}
    figures["place"] = figures["area_code"].map(order)
    noted = [x for x in one.indicators if has_note(figures, x)]
    rows = []
    for (_, at), same in figures.groupby(["place", "at"], sort=True):
        cells = same.set_index("indicator")
        row = [only(same["area_code"]), at, *(only(map(as_text, same[name])) for name in columns)]
        row += [only(same["row"]), *(as_text(cells["value"].get(x)) for x in one.indicators)]
        rows.append([*row, *(as_text(cells["note"].get(x)) for x in noted)])
    notes = [f"note_{x}" for x in noted]
    write(folder / f"{one.name}.csv", ["area_code", "period", *columns, "row", *one.indicators,
                                        *notes], rows)  # fmt: skip
    entries = [("area_code", "area_code"), ("period", "period", "", one.period)]
    entries += [(name, name) for name in columns]
    entries += [(name, "", text) for name, text in constants.items()]
    for x in one.indicators:
        mine = figures[figures["indicator"] == x]
        entries += [("value", x, "", "", x), ("cell", "", template(mine["cell"]), "", x)]
        if mine["base"].notna().any():
            entries.append(("base", "", only(mine["base"]), "", x))
        if mine["sheet"].notna().any():
            entries.append(("sheet", "", only(mine["sheet"]), "", x))
    entries += [("note", note, "", "", x) for x, note in zip(noted, notes, strict=True)]
    write_mapping(one.name, entries, folder)


def has_note(figures: pd.DataFrame, indicator: str) -> bool:
    """Whether a figure of an indicator is missing or doubted."""
    return bool(figures.loc[figures["indicator"] == indicator, "note"].notna().any())


def is_constant(figures: pd.DataFrame, column: str) -> bool:
    """Whether a column has one text throughout."""
    return figures[column].nunique(dropna=False) == 1 and bool(figures[column].notna().all())


def template(cells: pd.Series) -> str:
    """The cells of an indicator with their row in braces: ``H{row}``."""
    return only(DIGITS.sub("{row}", cell) for cell in cells)


def period_text(day: pd.Timestamp, kind: str) -> str:
    """A period as the mapping spells it."""
    return str(day.strftime({"month": "%Y-%m", "mid_year": "%Y", "day": "%Y-%m-%d"}[kind]))


# ----------------------------------------------------------------------------- sums over providers


def write_attendances(store: Store) -> None:
    """Write A&E figures of the trust and of England: sums of a block of rows of one file."""
    types = [f"ae_attendances_type_{x}" for x in ("1", "2", "other")]
    rows_of = store.read(types, start=date(2016, 4, 1), end=date(2019, 3, 31))
    rows_of["row"] = [int(only(DIGITS.findall(cell))) for cell in rows_of["cell"]]
    blocks = {}
    for code, some in ((TRUST, rows_of[rows_of["area_code"] == TRUST]), (ENGLAND, rows_of)):
        for start, block in some.groupby("period_start"):
            blocks[code, start] = (block["row"].min(), block["row"].max())
            if block["row"].nunique() != block["row"].max() - block["row"].min() + 1:
                raise SystemExit(f"The rows of {code} in {start:%B %Y} do not stand together.")
    series = {x: values_of(store, x) for x in ATTENDANCES}
    rows = [
        [code, "trust" if code == TRUST else "country", f"{start:%Y-%m}", str(first), str(last),
         *(as_text(series[x][code, start]) for x in ATTENDANCES)]
        for (code, start), (first, last) in blocks.items()
    ]  # fmt: skip
    names = ["area_code", "area_kind", "period", "first_row", "last_row"]
    write(FIGURES / "attendances.csv", [*names, *ATTENDANCES], rows)
    entries = [("area_code", "area_code"), ("area_kind", "area_kind"),
               ("period", "period", "", "month"), ("of", "", "trust"),
               ("publisher", "", only(rows_of["publisher"])),
               ("file", "", only(rows_of["file"]))]  # fmt: skip
    for x, letter in zip(ATTENDANCES, "DEF", strict=True):
        entries += [("value", x, "", "", x),
                    ("cell", "", f"{letter}{{first_row}}:{letter}{{last_row}}", "", x)]  # fmt: skip
    entries.append(("note", "", "sum of the cells named: every provider and type of A&E in them"))
    write_mapping("attendances", entries)


def values_of(store: Store, indicator: str) -> dict[tuple[str, pd.Timestamp], float]:
    """Figures of the trust and of England by month."""
    found = indicator_series(store, indicator, areas=[TRUST, ENGLAND])
    keys = zip(found["area_code"], found["period_start"], strict=True)
    return dict(zip(keys, found["value"], strict=True))


# ------------------------------------------------------------------------- lists and look-ups


def write_comparators(store: Store) -> tuple[str, ...]:
    """Write the statistical neighbours as they come out among all councils."""
    parts = {"population"}
    for one in packaged_features():
        parts |= {part for part in (one.numerator, one.minus, one.denominator) if part}
    figures = [indicator_series(store, part) for part in sorted(parts)]
    near = statistical_neighbours(neighbour_features(pd.concat(figures)), AREA, NEIGHBOURS)
    dated = only(DATED.findall(near.label))
    columns = ["list", "dated", "area_code", "comparator_code", "source"]
    rows = [[LIST_NAME, dated, AREA, code, near.method] for code in near.codes]
    write(COMPARATORS, columns, rows)
    return tuple(near.codes)


def write_lookups(store: Store, trust_areas: Path) -> None:
    """Write where the trust's patients live, its name, and the districts of the county."""
    with trust_areas.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    write(FIGURES / "trust_areas.csv", header, [row for row in rows if row[0] == TRUST])
    names = store.lookup("trust_names").set_index("trust_code")
    columns = ["nhs_trust22_name", "nhs_trust22_code", "status", "lon", "lat"]
    write(FIGURES / "trust_names.csv", columns, [[names["trust"][TRUST], TRUST, "open", "", ""]])
    parts = store.lookup("area_parts").query("area_code == @AREA and year == 2021")
    rows = [[row["ltla"], row["ltla_code"], row["area"], AREA] for row in parts.to_dict("records")]
    header = ["ltla21_name", "ltla21_code", "utla21_name", "utla21_code"]
    write(FIGURES / "districts.csv", header, sorted(rows))


# ------------------------------------------------------------------------- cells and files


def only(values: Iterable[str]) -> str:
    """The one text that all values are."""
    found = sorted(set(values))
    if len(found) != 1:
        raise SystemExit(f"One text was expected, not {', '.join(map(str, found[:5]))}.")
    return str(found[0])


def as_text(value: object) -> str:
    """A cell: dates by the day, whole numbers without a point, nothing for what is missing."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def write_mapping(name: str, entries: Iterable[tuple[str, ...]], folder: Path = FIGURES) -> None:
    """Write the mapping beside a table."""
    rows = [[*entry, *[""] * (5 - len(entry))] for entry in entries]
    columns = ["ours", "theirs", "constant", "format", "indicator"]
    write(folder / f"{name}.mapping.csv", columns, rows)


def write(path: Path, header: list[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()

"""A small store of invented figures of real councils and trusts, for tests of profiles.

25 county councils and England have 30 months of delayed days (April 2015 to September 2017) and
two mid-year populations; 12 trusts have A&E attendances. The figures are made by rule, so that a
test can work out any of them, and so that something is to be seen: Oxfordshire's delays are three
times England's and rise at the end, its trust sees fewest people within four hours, Kent has a
month without a figure and Surrey stops early.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.helpers.observations import catalogue, indicator, loaded, month, observation
from wholesystem.indicators.area_search import find_area
from wholesystem.indicators.areas import every_area
from wholesystem.indicators.observations import OBSERVATIONS
from wholesystem.indicators.profile import AreaProfile, ProfileData, ProfileOptions, make_profile
from wholesystem.indicators.store import Store

OXFORDSHIRE, KENT, SURREY = "E10000025", "E10000016", "E10000030"
DEVON = "E10000008"
ENGLAND = "E92000001"
TRUST = "RTH"
TRUST_NAME = "Oxford University Hospitals NHS Foundation Trust"
FIRST_YEAR, MONTHS, COUNCILS, TRUSTS = 2015, 30, 25, 12
KENT_GAP = 20
"""The month (from 0) in which Kent has no figure."""
SURREY_STOPS = 26
"""The first month without a figure of Surrey."""
RISE_FROM = 22
"""The first month of Oxfordshire's rise."""
AGES = {"population": 1.0, "population_18_plus": 0.8, "population_65_plus": 0.2,
        "population_75_plus": 0.09, "population_85_plus": 0.03}  # fmt: skip
PARTS = {"dtoc_days": 10, "dtoc_days_nhs": 6, "dtoc_days_social_care": 3, "dtoc_days_both": 1,
         "dtoc_days_reason_a": 7, "dtoc_days_reason_b": 3}  # fmt: skip
"""Tenths of an area's delayed days, by indicator."""

SHARES = {OXFORDSHIRE: 0.62, DEVON: 0.1, KENT: 0.28}
"""Of the patients of Oxford's trust, by where they live."""

Row = dict[str, Any]


@cache
def councils() -> tuple[tuple[str, str], ...]:
    """Code and name of county councils that have not changed, Oxfordshire among them."""
    found = [
        (one.code, one.name)
        for one in every_area().values()
        if one.type == "county" and one.valid_from is None and one.valid_to is None
    ]
    others = [pair for pair in sorted(found) if pair[0] != OXFORDSHIRE]
    needed = [pair for pair in others if pair[0] in (KENT, SURREY, DEVON)]
    rest = [pair for pair in others if pair not in needed]
    unitary = [
        (one.code, one.name)
        for one in every_area().values()
        if one.type == "unitary" and one.valid_from is None and one.valid_to is None
    ]
    chosen = [*needed, *rest, *unitary][: COUNCILS - 1]
    return tuple(sorted([*chosen, (OXFORDSHIRE, "Oxfordshire")]))


def month_of(number: int) -> tuple[int, int]:
    """Year and month, the first being April 2015."""
    return FIRST_YEAR + (3 + number) // 12, (3 + number) % 12 + 1


def _place(code: str) -> int:
    return [one for one, _ in councils()].index(code)


def people(code: str) -> int:
    """People of all ages, in every year."""
    return 500_000 + 10_000 * _place(code)


def tenths(code: str, number: int) -> int:
    """A tenth of the delayed days of a council in a month."""
    place = _place(code)
    wiggle = (number * 37 + place * 13) % 11 - 5
    if code == OXFORDSHIRE:
        return 600 + 3 * wiggle + (60 if number >= RISE_FROM else 0)
    return 150 + 4 * (place % 7) + wiggle


def has_figure(code: str, number: int) -> bool:
    """Whether a council has delayed days in a month."""
    is_gap = code == KENT and number == KENT_GAP
    return not is_gap and not (code == SURREY and number >= SURREY_STOPS)


def population_rows(years: Sequence[int] = (2015, 2016)) -> list[Row]:
    """Mid-year estimates of every council and of England."""
    return [
        _population(code, name, year, age)
        for year in years
        for code, name in (*councils(), (ENGLAND, "England"))
        for age in AGES
    ]


def population(code: str, age: str) -> int:
    """People of an age; the share of older people differs, so that councils can be likened."""
    if code == ENGLAND:
        return sum(population(one, age) for one, _ in councils())
    share = AGES[age]
    older = 1 + (_place(code) % 5) / 20 if share < 0.5 else 1.0
    return round(people(code) * share * older)


def _population(code: str, name: str, year: int, age: str) -> Row:
    day = date(year, 6, 30)
    return observation(
        indicator=age,
        area_code=code,
        area=name,
        area_kind="country" if code == ENGLAND else "area",
        geography="utla-2019-04",
        period_start=day,
        period_end=day,
        value=float(population(code, age)),
        unit="people",
        publisher="Office for National Statistics",
        file="population.csv",
        sheet=None,
        cell=f"C{2 if code == ENGLAND else _place(code) + 3}",
        published=date(2017, 6, 22),
    )


def dtoc_rows(months: int = MONTHS) -> list[Row]:
    """Delayed days of every council and England, by month."""
    rows = []
    for number in range(months):
        known = [(code, name) for code, name in councils() if has_figure(code, number)]
        for at, (code, name) in enumerate(known):
            rows += _dtoc_month(number, code, name, tenths(code, number), at + 12)
        whole = sum(tenths(code, number) for code, _ in known)
        rows += _dtoc_month(number, ENGLAND, "England", whole, 11)
    return rows


def _dtoc_month(number: int, code: str, name: str, tenth: int, line: int) -> list[Row]:
    year, in_year = month_of(number)
    kind = {"area_kind": "country"} if code == ENGLAND else {}
    return [
        observation(
            indicator=indicator,
            area_code=code,
            area=name,
            value=float(tenth * share),
            file=f"dtoc_{year}_{in_year:02d}.xls",
            cell=f"{'DEFGHI'[place]}{line}",
            published=date(2017, 11, 9),
            **month(year, in_year),
            **kind,
        )
        for place, (indicator, share) in enumerate(PARTS.items())
    ]


def trusts() -> tuple[tuple[str, str], ...]:
    """Code and name of the trusts; the first is Oxford's."""
    others = [(f"RZ{place}", f"Invented Trust {place}") for place in range(TRUSTS - 1)]
    return ((TRUST, TRUST_NAME), *others)


def over_4_hours(place: int, number: int) -> int:
    """People who stayed over four hours in A&E, of 10,000."""
    if place == 0:
        return 2500 + (number * 37) % 11 * 10
    return 900 + 30 * place + (number * 37 + place) % 11 * 5


def ae_rows(months: int = MONTHS) -> list[Row]:
    """A&E attendances of every trust and of England."""
    rows = []
    for number in range(months):
        over = [over_4_hours(place, number) for place in range(TRUSTS)]
        for place, (code, name) in enumerate(trusts()):
            rows += _ae_month(number, code, name, "trust", 10_000, over[place], place + 3)
        rows += _ae_month(number, ENGLAND, "England", "country", 10_000 * TRUSTS, sum(over), 2)
    return rows


def _ae_month(
    number: int, code: str, name: str, kind: str, attended: int, over: int, line: int
) -> list[Row]:
    year, in_year = month_of(number)
    counts = {"ae_attendances": attended, "ae_over_4_hours": over}
    return [
        observation(
            indicator=indicator,
            area_code=code,
            area=name,
            area_kind=kind,
            geography="trust-2022",
            of="trust",
            value=float(value),
            unit="attendances",
            file=f"ae_{year}_{in_year:02d}.csv",
            sheet=None,
            cell=f"{column}{line}",
            published=date(2017, 11, 9),
            **month(year, in_year),
        )
        for (indicator, value), column in zip(counts.items(), "DE", strict=True)
    ]


def all_rows() -> list[Row]:
    """Everything, in no store."""
    return [*population_rows(), *dtoc_rows(), *ae_rows()]


def lookups() -> dict[str, pa.Table]:
    """Whose patients a trust has, and what it is called."""
    names = [{"trust_code": code, "trust": name} for code, name in trusts()]
    shares = [
        {"trust_code": TRUST, "area_code": code, "share": share, "file": "s.csv", "cell": f"C{row}"}
        for row, (code, share) in enumerate(SHARES.items(), start=2)
    ]
    return {
        "trust_names": pa.Table.from_pylist(names),
        "trust_areas": pa.Table.from_pylist(shares),
    }


def make_store(folder: Path, rows: Iterable[Row] | None = None, **more: Any) -> Store:
    """A store of these rows, or of all; `more` as of `Store.add`."""
    store = Store.create(folder)
    chosen = all_rows() if rows is None else list(rows)
    store.add([loaded(*chosen, sha256="1" * 64, lookups=lookups())], **more)
    return store


def make_data(store: Store, **options: Any) -> ProfileData:
    """What profiles are made from, with these options."""
    return ProfileData(store, ProfileOptions(**options))


def write_files(folder: Path, rows: Iterable[Row] | None = None) -> Path:
    """Files that a command can load: figures in our own columns, and the trusts' look-ups."""
    folder.mkdir(parents=True, exist_ok=True)
    write_figures(folder / "figures.csv", all_rows() if rows is None else rows)
    _write(folder / "shares.csv",
           ("nhs_trust22_code", "ltla21_code", "proportion_trust_came_from_ltla"),
           [(TRUST, code, share) for code, share in SHARES.items()])  # fmt: skip
    return folder


def write_figures(path: Path, rows: Iterable[Row]) -> Path:
    """A CSV file in the columns of `OBSERVATIONS`."""
    _write(path, OBSERVATIONS.names, ([row[name] for name in OBSERVATIONS.names] for row in rows))
    return path


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


HOSTILE = "<script>alert(1)</script>"
HOSTILE_UNIT = '"><img src=x onerror=alert(1)>'
HOSTILE_FILE = "=cmd|' /C calc'!A0.csv"


def hostile_profile(folder: Path) -> AreaProfile:
    """Names, units, notes and files that would break a page, or run in a spreadsheet."""
    words = {"name": f"=1+1 {HOSTILE}", "group": f"+group {HOSTILE}", "unit": HOSTILE_UNIT,
             "meaning": HOSTILE, "caveats": f"@caveat {HOSTILE}", "source": "-source & more",
             "kind": "mean", "interval_reason": HOSTILE}  # fmt: skip
    known = catalogue(indicator("odd").model_copy(update=words))
    rows = [
        observation(
            indicator="odd",
            unit=HOSTILE_UNIT,
            area_code=code,
            area=f"=Area {HOSTILE} {code}",
            value=float(place + number),
            note=f"+note {HOSTILE}",
            file=HOSTILE_FILE,
            sheet=HOSTILE,
            cell=f"F{place + 2}",
            **month(2017, number),
        )
        for place, (code, _) in enumerate(councils())
        for number in range(1, 4)
    ]
    store = Store.create(folder)
    store.add([loaded(*rows)], catalogue=known)
    return make_profile(ProfileData(store, ProfileOptions(), known), find_area("Oxfordshire"))

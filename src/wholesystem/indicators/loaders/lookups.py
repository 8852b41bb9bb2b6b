"""Look-ups: districts to councils and regions; trusts to areas, boards, acute trusts, names.

The sources are the Office for National Statistics, NHS England's organisation data service and
published patient flows; the layouts are tidy tables that the British Red Cross made of them.
A look-up gives no observations: it becomes a table of `Loaded.lookups`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wholesystem.indicators.loaders.formats import Format
from wholesystem.indicators.loaders.long_table import Figures, LongTable, Texts, lacks_columns
from wholesystem.indicators.loaders.organisations import (
    GSS_CODE,
    ICB_CODE,
    PROVIDER_CODE,
    TRUST_CODE,
)
from wholesystem.indicators.loaders.spans import DAY

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.loaded import Loaded
    from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["FORMATS", "SHARE_TOLERANCE"]

ONS = "Office for National Statistics"
NHS = "NHS England"
#: Shares of one organisation may differ from 1 by this much when added up.
SHARE_TOLERANCE = 1e-6
_YEARS = re.compile(r"(lsoa|ltla|utla|region)(\d\d)_code", re.ASCII)
GSS = (GSS_CODE.fullmatch, "A code of the Office for National Statistics is needed.")
TRUST = (TRUST_CODE.fullmatch, "A trust's code of three letters and digits is needed.")
PROVIDER = (PROVIDER_CODE.fullmatch, "An organisation's code is needed.")
ICB = (ICB_CODE.fullmatch, "A code of an integrated care board (E54 ...) is needed.")
ANY_CODE = (re.compile(r"[A-Z0-9]{2,8}", re.ASCII).fullmatch, PROVIDER[1])

Check = tuple[Callable[[str], object], str]


def _years(workbook: Workbook) -> dict[str, str]:
    """Kinds of areas in the header, each with the year of its codes: ltla, 19."""
    try:
        header = workbook.first().header(0)
    except IndexError:
        return {}
    return {match[1]: match[2] for name in header if (match := _YEARS.fullmatch(name))}


def _is_parts(kinds: tuple[str, str, str], workbook: Workbook) -> str:
    """Why a file is not the look-up from districts to one kind of larger area."""
    lower, upper, without = kinds
    years = _years(workbook)
    if without in years:
        return f"it has codes of {without}"
    lacking = [kind for kind in (lower, upper) if kind not in years]
    return f"no column such as {lacking[0]}21_code" if lacking else ""


def _load_parts(
    format_id: str, lookup: str, kinds: tuple[str, ...], columns: tuple[str, ...], book: Workbook
) -> Loaded:
    years = _years(book)
    names = [f"{kind}{years[kind]}_code" for kind in kinds]
    table = LongTable.open(book, ONS, names)
    codes = [table.checked(name, *GSS, "Mend the cell.") for name in names]
    table.skip(
        np.any([one.mask(lambda code: code[:1] != "E") for one in codes], axis=0),
        "outside England",
    )
    _refuse_two(table, names, codes)
    year = 2000 + int(years[kinds[-1] if kinds[-1] != "region" else "ltla"])
    named: dict[str, Texts] = {}
    for kind, column, one in zip(kinds, columns, codes, strict=True):
        named[f"{column}_code"] = one
        if table.has(f"{kind}{years[kind]}_name"):
            named[column] = table.texts(f"{kind}{years[kind]}_name")
    content = _content(table, named, names[-1]) | {"year": pa.repeat(pa.scalar(year), _kept(table))}
    return table.loaded(format_id, {lookup: pa.table(content)})


def _kept(table: LongTable) -> int:
    return int(table.kept.sum())


def _content(table: LongTable, columns: Mapping[str, Texts], source: str) -> dict[str, pa.Array]:
    """Columns of a look-up, with the file and the cell that each row comes from."""
    keep = pa.array(table.kept)
    letters = table.letters(source)
    cells = [f"{letters}{row}" for row in table.rows[table.kept]]
    content = {name: texts.arrow().filter(keep) for name, texts in columns.items()}
    return content | {
        "file": pa.repeat(pa.scalar(table.workbook.file), len(cells)),
        "cell": pa.array(cells, pa.string()),
    }


def _refuse_two(table: LongTable, names: list[str], codes: list[Texts]) -> None:
    """The smallest area lies in one larger area only."""
    for rows in table.repeats((codes[0].index,)):
        first = int(rows[0])
        for other in rows[1:]:
            same = all(one.index[first] == one.index[other] for one in codes)
            if same:
                again = np.zeros(len(table), dtype=bool)
                again[other] = True
                table.skip(again, "the same row again")
                continue
            table.fault(
                int(other),
                names[-1],
                codes[-1].values[codes[-1].index[other]],
                f"Row {table.rows[first]} has "
                f"{codes[-1].values[codes[-1].index[first]]} for the same area.",
                "Keep the row that is right.",
            )


def _load_shares(
    format_id: str,
    lookup: str,
    columns: tuple[str, str, str],
    named: tuple[str, str],
    checks: tuple[Check, Check],
    workbook: Workbook,
) -> Loaded:
    table = LongTable.open(workbook, NHS, columns)
    first, second = (
        table.checked(column, *check, "Mend the cell.")
        for column, check in zip(columns[:2], checks, strict=True)
    )
    share = table.figures(columns[2])
    table.refuse_repeats((first.index, second.index), [share], "pair of codes")
    _check_shares(table, first, share)
    content = _content(table, dict(zip(named, (first, second), strict=True)), columns[2])
    values = {"share": pa.array(share.values[table.kept])}
    ordered = {name: (content | values)[name] for name in (*named, "share", "file", "cell")}
    return table.loaded(format_id, {lookup: pa.table(ordered)})


def _check_shares(table: LongTable, codes: Texts, share: Figures) -> None:
    outside = ~((share.values > 0) & (share.values <= 1)) & table.kept
    for i in np.flatnonzero(outside):
        table.fault(
            int(i),
            share.name,
            "" if np.isnan(share.values[i]) else f"{share.values[i]:.10g}",
            "A share must be above 0 and at most 1.",
            "Mend the cell.",
        )
    if outside.any() or not table.kept.any():
        return
    kept = table.kept
    sums = np.bincount(codes.index[kept], share.values[kept], len(codes.values))
    for number in np.flatnonzero(np.abs(sums - 1) > SHARE_TOLERANCE):
        rows = np.flatnonzero((codes.index == number) & kept)
        if len(rows):
            table.fault(
                int(rows[0]),
                share.name,
                None,
                f"The shares of {codes.values[number]} add up to {sums[number]:.6g}, not 1.",
                "Fetch the file again, or mend the shares.",
            )


def _load_names(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, NHS, _NAMES)
    codes = table.checked("nhs_trust22_code", *TRUST, "Mend the cell.")
    names = table.checked("nhs_trust22_name", bool, "A trust needs its name.", "Write the name.")
    status = table.texts("status") if table.has("status") else Texts.same("", len(table))
    _refuse_two(table, ["nhs_trust22_code", "nhs_trust22_name"], [codes, names])
    columns = {"trust_code": codes, "trust": names, "status": status}
    content = _content(table, columns, "nhs_trust22_name")
    return table.loaded("trust_names", {"trust_names": pa.table(content)})


def _load_successors(workbook: Workbook) -> Loaded:
    table = LongTable.open(workbook, NHS, _SUCCESSORS)
    old, new = (table.checked(name, *ANY_CODE, "Mend the cell.") for name in _SUCCESSORS[:2])
    days = table.periods("date", *DAY)
    same = np.array([a == b for a, b in zip(old.array(), new.array(), strict=True)], dtype=bool)
    table.skip(same, "the code did not change")
    content = _content(table, {"old_code": old, "new_code": new}, "new_code")
    content["date"] = pa.array(days.start[table.kept])
    return table.loaded("trust_successors", {"trust_successors": pa.table(content)})


def _parts(
    format_id: str, name: str, lookup: str, kinds: tuple[str, ...], columns: tuple[str, ...]
) -> Format:
    without = "" if "lsoa" in kinds else "lsoa"
    marks = " and ".join(f"{kind}.._code" for kind in kinds)
    return Format(
        format_id,
        name,
        ONS,
        f"a tidy table (geographr package) with the columns {marks} (.. is the year, such as 21)",
        partial(_is_parts, (kinds[0], kinds[-1], without)),
        partial(_load_parts, format_id, lookup, kinds, columns),
    )


def _shares(
    format_id: str,
    name: str,
    columns: tuple[str, str, str],
    named: tuple[str, str],
    checks: tuple[Check, Check],
) -> Format:
    return Format(
        format_id,
        name,
        NHS,
        "a tidy table (geographr or healthyr package) with the columns " + ", ".join(columns),
        lambda workbook: lacks_columns(workbook, columns),
        partial(_load_shares, format_id, format_id, columns, named, checks),
    )


_NAMES = ("nhs_trust22_name", "nhs_trust22_code", "lon", "lat")
_SUCCESSORS = ("old_code", "new_code", "date")
FORMATS = (
    _parts(
        "small_area_parts",
        "Small areas, districts and councils",
        "small_area_parts",
        ("lsoa", "ltla", "utla"),
        ("lsoa", "ltla", "area"),
    ),
    _parts(
        "area_parts", "Districts and councils", "area_parts", ("ltla", "utla"), ("ltla", "area")
    ),
    _parts(
        "area_regions",
        "Districts and regions",
        "area_regions",
        ("ltla", "region"),
        ("ltla", "region"),
    ),
    _shares(
        "trust_areas",
        "Districts that the patients of a trust came from",
        ("nhs_trust22_code", "ltla21_code", "proportion_trust_came_from_ltla"),
        ("trust_code", "area_code"),
        (TRUST, GSS),
    ),
    _shares(
        "trust_icbs",
        "Integrated care boards that the patients of a trust came from",
        ("nhs_trust22_code", "icb22_code", "proportion_trust_came_from_icb"),
        ("trust_code", "icb_code"),
        (TRUST, ICB),
    ),
    _shares(
        "trust_acute",
        "Acute trusts that the A&E attendances of a provider are attributed to",
        (
            "nhs_trust22_code_all",
            "nhs_trust22_code_acute",
            "proportion_attendances_attributed_to_acute_trust",
        ),
        ("trust_code", "acute_code"),
        (PROVIDER, TRUST),
    ),
    Format(
        "trust_names",
        "Names of trusts",
        NHS,
        "a tidy table (geographr or healthyr package) with the columns " + ", ".join(_NAMES),
        lambda workbook: lacks_columns(workbook, _NAMES),
        _load_names,
    ),
    Format(
        "trust_successors",
        "Old and new codes of organisations",
        NHS,
        "a tidy table (geographr or healthyr package) with the columns " + ", ".join(_SUCCESSORS),
        lambda workbook: lacks_columns(workbook, _SUCCESSORS),
        _load_successors,
    ),
)

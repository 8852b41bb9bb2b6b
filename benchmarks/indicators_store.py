"""Adding to a store of observations, and asking it for one indicator of all areas and months.

The rows are made up, as many as of the real files: 105 workbooks of delayed transfers (20
indicators of 155 councils) and, with them in the store, daily reports of trusts.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.measure import Line, at_most, run_command, wall_seconds

COUNCILS, MONTHS, INDICATORS = 155, 105, 20
TRUSTS, DAYS, DAILY_INDICATORS, DAILY_FILES = 200, 1250, 10, 10
QUESTIONS = 15

Period = tuple[datetime.date, datetime.date]

MEMORY_CODE = """
import sys
from benchmarks.indicators_store import {name}, peak_megabytes
{name}(sys.argv[1])
print(peak_megabytes())
"""


def peak_megabytes() -> float:
    """Most memory that this process has held since it began."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage gives begins with the memory of the process that started this one.
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_of(name: str, folder: Path) -> float:
    """Most memory of a process that calls one of the functions here on a store."""
    code = MEMORY_CODE.format(name=name)
    return float(run_command([sys.executable, "-c", code, str(folder)]))


def months() -> list[Period]:
    """First and last day of each month from April 2011."""
    firsts = [datetime.date(2011 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(MONTHS + 1)]
    one_day = datetime.timedelta(days=1)
    return [(first, second - one_day) for first, second in zip(firsts, firsts[1:], strict=False)]


def days() -> list[Period]:
    """Days from April 2022, each as a period."""
    first = datetime.date(2022, 4, 1)
    every = [first + datetime.timedelta(days=number) for number in range(DAYS)]
    return [(one, one) for one in every]


def rows(
    names: Sequence[str], codes: Sequence[str], periods: Sequence[Period], **words: str
) -> pa.Table:
    """Every indicator of every area in every period, with made-up figures."""
    from wholesystem.indicators import OBSERVATIONS

    shape = (len(periods), len(names), len(codes))
    period, name, code = (place.ravel() for place in np.indices(shape, dtype=np.int32))
    count = len(period)
    starts, ends = (np.array(day, dtype="datetime64[D]") for day in zip(*periods, strict=True))

    def text(places: Any, values: Sequence[str]) -> pa.Array:
        return pa.array(values).take(pa.array(places))

    letters = [f"{letter}{row}" for letter in "CDEFGHIJKLMNOPQRSTUV" for row in range(1, 210)]
    cells = {
        "indicator": text(name, names),
        "area_code": text(code, codes),
        "area": text(code, [f"Area {one}" for one in codes]),
        "period_start": pa.array(starts[period]),
        "period_end": pa.array(ends[period]),
        "value": pa.array(np.random.default_rng(1).poisson(300, count).astype(float)),
        "cell": text((name * 209 + code) % len(letters), letters),
        "published": pa.array(ends[period] + 40),
        "revised": pa.array(ends[period] + 200),
        **{word: text(np.zeros(count, np.int32), [value]) for word, value in words.items()},
    }
    empty = {field.name: pa.nulls(count, field.type) for field in OBSERVATIONS}
    return pa.table({**empty, **cells})


def loaded(table: pa.Table, file: str) -> Any:
    """Rows as a loader gives them."""
    from wholesystem.indicators import Loaded

    return Loaded(file, "benchmark", len(table), len(table), (), table, sha256=file)


def workbooks() -> list[Any]:
    """One load a month of delayed transfers."""
    names = [f"delays_{number:02d}" for number in range(INDICATORS)]
    codes = [f"E1{number:07d}" for number in range(COUNCILS)]
    words = {"area_kind": "area", "of": "residents", "geography": "utla-2011-04", "unit": "days"}
    words |= {
        "publisher": "NHS England",
        "sheet": "LA - by reason",
        "base": "people aged 18 or over",
    }
    made = []
    for number, period in enumerate(months()):
        file = f"month-{number:03d}.xls"
        made.append(loaded(rows(names, codes, [period], **words, file=file), file))
    return made


def daily_reports() -> Iterator[Any]:
    """Loads of daily figures of trusts, one at a time."""
    names = [f"daily_{number:02d}" for number in range(DAILY_INDICATORS)]
    codes = [f"R{number:03d}" for number in range(TRUSTS)]
    words = {"area_kind": "trust", "of": "trust", "geography": "trust-2022", "unit": "beds"}
    every = days()
    for number in range(DAILY_FILES):
        file = f"daily-{number}.csv"
        some = every[number::DAILY_FILES]
        table = rows(names, codes, some, **words, publisher="NHS England", file=file)
        yield loaded(table, file)


def catalogue() -> dict[str, Any]:
    """A row for each indicator, made from one of the packaged rows."""
    from wholesystem.indicators import read_catalogue

    packaged = read_catalogue()
    monthly, daily = packaged["dtoc_days"], packaged["winter_ga_beds_open"]
    names = {f"delays_{number:02d}": monthly for number in range(INDICATORS)}
    names |= {f"daily_{number:02d}": daily for number in range(DAILY_INDICATORS)}
    return {name: row.model_copy(update={"indicator": name}) for name, row in names.items()}


def ask(folder: str | Path) -> list[float]:
    """Seconds of asking for one indicator of all areas and months, another each time."""
    from wholesystem.indicators import Store

    store = Store.open(folder)
    store.read("delays_00")
    return [
        wall_seconds(lambda number=number: store.read(f"delays_{number % INDICATORS:02d}"))
        for number in range(1, QUESTIONS + 1)
    ]


def add_daily(folder: str | Path) -> None:
    """Add the daily reports to a store."""
    from wholesystem.indicators import Store

    Store.open(folder).add(daily_reports(), catalogue=catalogue())


def store_lines() -> list[Line]:
    """Time of adding 105 workbooks and of asking, and memory of both."""
    from wholesystem.indicators import Store

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store"
        store, known, books = Store.create(folder), catalogue(), workbooks()
        adding = wall_seconds(lambda: store.add(books, catalogue=known))
        alone = statistics.median(ask(folder))
        memory_of_adding = peak_of("add_daily", folder)
        asking = statistics.median(ask(folder))
        count = sum(part.rows for part in Store.open(folder).manifest.parts)
        memory_of_asking = peak_of("ask", folder)
    one = "store: one indicator, all councils and months"
    return [
        at_most(f"store: adding {COUNCILS * MONTHS * INDICATORS:,} observations", adding, 2, " s"),
        Line(f"{one}, those alone", f"{alone * 1e3:.3g} ms"),
        at_most(f"{one}, of {count:,} observations", asking * 1e3, 50, " ms"),
        at_most("store: peak memory of adding 2,500,000 more", memory_of_adding, 500, " MB"),
        at_most("store: peak memory of asking", memory_of_asking, 500, " MB"),
    ]


if __name__ == "__main__":
    for line in store_lines():
        print(line.what, line.measured, line.target, line.verdict, sep="  ")

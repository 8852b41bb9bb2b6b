"""Write the packaged review's synthetic cases, drawn from simulated stays.

    python tools/make_example_cases.py [FOLDER]

The packaged model of Oxfordshire is run once, journeys are drawn by the packaged strata, and the
tables of cases are written in full; the same program gives the same bytes, which a test holds the
packaged tables to. Nobody answered a checklist or wrote notes: there is nothing to read them from.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.examples.demo import FOLDER as OXFORDSHIRE
from wholesystem.flow import read_model, simulate
from wholesystem.reviews.cases import draw_cases, packaged_checklist, packaged_strata
from wholesystem.reviews.cases.drawn import DrawnCase, DrawnCases
from wholesystem.reviews.cases.records import CaseStay, TrackedCase
from wholesystem.reviews.cases.tabular import stay_rows
from wholesystem.stays.schema import TIME_COLUMNS, Stays
from wholesystem.tables.rows import Row
from wholesystem.tables.writing import csv_bytes

FOLDER = OXFORDSHIRE / "review"
#: Of the run and of the draw.
SEED = 2017
DAYS = 120
RECORDED_BY, RECORDED_AT = "analyst_1", datetime(2017, 12, 4, 9, 0)
NOTE = (
    "Synthetic: no record of a person lies behind this case, so nobody has answered the checklist"
    " or written notes."
)


def draw() -> DrawnCases:
    """The cases, with their simulated stays; times to the second."""
    table = simulate(
        read_model(OXFORDSHIRE), replications=1, days=DAYS, seed=SEED, stays=True
    ).stays
    assert table is not None
    for name in TIME_COLUMNS:
        at = table.schema.get_field_index(name)
        column = pc.floor_temporal(table[name], unit="second").cast(pa.timestamp("us"))
        table = table.set_column(at, table.schema.field(at), column)
    return draw_cases(Stays.from_table(table), packaged_strata(), SEED)


def case_row(code: str, one: DrawnCase, drawn: DrawnCases) -> TrackedCase:
    """A case as the review holds it."""
    return TrackedCase(
        case=code,
        title=f"synthetic, {one.stratum.replace('_', ' ')}",
        pseudonym=one.person,
        stratum=one.stratum,
        why=one.why,
        seed=drawn.seed,
        drawn_as=one.case,
        concurrent="; ".join(drawn.concurrent),
        origin=(
            "Synthetic: simulated with the packaged model of Oxfordshire and drawn by the packaged"
            f" strata with seed {drawn.seed} from {drawn.people:,} simulated journeys."
        ),
        synthetic="yes",
        notes=NOTE,
        recorded_by=RECORDED_BY,
        recorded_at=RECORDED_AT,
    )


def tables() -> dict[str, bytes]:
    """The tables by the name of their file."""
    drawn = draw()
    codes = [f"C{number:02d}" for number in range(1, len(drawn.cases) + 1)]
    pairs = list(zip(codes, drawn.cases, strict=True))
    cases = [case_row(code, one, drawn) for code, one in pairs]
    stays = [row for code, one in pairs for row in stay_rows(code, one.stays)]
    found: dict[str, tuple[type[Row], list[Any]]] = {
        "cases": (TrackedCase, cases),
        "case_stays": (CaseStay, stays),
        "case_checklist": (type(packaged_checklist()[0]), list(packaged_checklist())),
    }
    return {
        f"{name}.csv": csv_bytes(kind.columns(), (row.cells() for row in rows))
        for name, (kind, rows) in found.items()
    }


def main() -> None:
    """Write the tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, data in tables().items():
        (folder / name).write_bytes(data)
        print(folder / name)


if __name__ == "__main__":
    main()

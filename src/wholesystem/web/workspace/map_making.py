"""The map of a model: its picture and tables, made in a process of its own that can be stopped.

Run as ``python -m wholesystem.web.workspace.map_making MODEL FOLDER``. A person's model may be
made so large that it never ends; whoever starts this process ends it after a time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from wholesystem.errors import UserError

__all__ = ["REPLICATIONS", "make_map"]

#: Few: a map shows means, and its reader is waiting.
REPLICATIONS = 5


def make_map(model: Path, out: Path) -> None:
    """Simulate a model and write ``map.svg`` and ``map.json``, its figures as tables.

    Parameters
    ----------
    model : Path
        A folder of tables, or a workbook.
    out : Path
        An existing folder.

    Raises
    ------
    TableError
        With every fault of the model.
    """
    from wholesystem.flow import read_model, simulate
    from wholesystem.pictures import draw_system_map, map_tables
    from wholesystem.reports import mean_flows
    from wholesystem.reports.run_map import system_map_of
    from wholesystem.reports.run_page import measured_period
    from wholesystem.stays import flows

    result = simulate(read_model(model), replications=REPLICATIONS, stays=True)
    if result.stays is None:
        raise UserError("The run kept no stays.")
    drawn = system_map_of(
        result,
        mean_flows([flows(result.stays)]),
        title=result.model.settings.name,
        period=measured_period(result),
        source=f"Simulated {REPLICATIONS} times; flows between services are those of the first.",
    )
    services, moves = map_tables(drawn)
    told = {
        "title": drawn.title,
        "headline": drawn.headline,
        "period": drawn.period,
        "source": drawn.source_note,
        "tables": [asdict(services), asdict(moves)],
        "notes": list(result.warnings),
    }
    (out / "map.svg").write_text(draw_system_map(drawn), encoding="utf-8")
    (out / "map.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _main() -> int:
    model, out = map(Path, sys.argv[1:])
    try:
        make_map(model, out)
    except UserError as error:
        faults = [
            {"where": one.where, "value": one.value, "rule": one.rule, "remedy": one.remedy}
            for one in getattr(error, "faults", ())
        ]
        told = {"message": str(error), "faults": faults}
        (out / "refused.json").write_text(json.dumps(told), encoding="utf-8")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(_main())

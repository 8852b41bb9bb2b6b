"""Cases from files: a sample drawn elsewhere, or stays to draw from here; the work of one job.

What a person uploads is put into one zip (`pack`), which the job takes up (`add_drawn`): all of its
cases are added, or none.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from pydantic import ValidationError

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cases import packaged_strata, read_strata
from wholesystem.reviews.cases.case import PAPER
from wholesystem.reviews.cases.drawn import (
    MOST_FAULTS,
    SAMPLE_FILES,
    DrawnCase,
    DrawnCases,
    draw_cases,
    read_drawn,
)
from wholesystem.reviews.cases.tabular import delay_rows, stay_rows
from wholesystem.stays import read_stays
from wholesystem.web.cases import models as cases
from wholesystem.web.cases.actions import add_case
from wholesystem.web.workspace import models
from wholesystem.web.workspace.models import ID_LENGTH
from wholesystem.web.workspace.uploads import read_zip

__all__ = ["ENDINGS", "MOST_CASES", "add_drawn", "pack"]

#: What the files of an uploaded zip may end in; pictures and pages are passed over.
ENDINGS = (".csv", ".html", ".json", ".parquet", ".svg")
#: Cases that one sample may add.
MOST_CASES = 200
MOST_ROWS = 2_000_000
#: Of a Parquet file unpacked.
MOST_BYTES = 1_000_000_000
ASKED = "draw.json"


def pack(files: Mapping[str, UploadedFile[Any]], asked: Mapping[str, Any]) -> File[bytes]:
    """Uploaded files and what is asked of them, as the one file of a job.

    Parameters
    ----------
    files : mapping of str to UploadedFile
        By the name that each has for the job.
    asked : mapping of str to object
        Seed, services that run together, whether the people are simulated.

    Returns
    -------
    File
        A zip, to be closed.
    """
    target = tempfile.TemporaryFile()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(ASKED, json.dumps(dict(asked)))
        for name, upload in files.items():
            with archive.open(name, "w") as entry:
                for block in upload.chunks():
                    entry.write(block)
    target.seek(0)
    return File(target, name="draw.zip")


def add_drawn(review: models.Review, by: models.Member, path: Path, name: str) -> str:
    """Add the cases of an uploaded sample, or those that are drawn from uploaded stays.

    Parameters
    ----------
    review : models.Review
        Whose they become.
    by : models.Member
        Who asked.
    path : Path
        The job's file: of `pack`, or a zip of what ``wholesystem cases sample`` wrote.
    name : str
        What the person called it.

    Returns
    -------
    str
        What to tell, in sentences, one a line.

    Raises
    ------
    TableError
        With every fault of the files.
    RecordFaults, PermissionDenied, PolicyError
        See `add_case`.
    """
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        for file, data in read_zip(path, name, ENDINGS).items():
            (folder / file).write_bytes(data)
        is_sample = not (folder / ASKED).is_file()
        drawn = _read_sample(folder, name) if is_sample else _draw(folder)
    if len(drawn.cases) > MOST_CASES:
        rule = f"It has {len(drawn.cases)} cases; at most {MOST_CASES} are added at once."
        raise TableError([Fault(name, None, rule, "Ask for fewer in the strata.")])
    return _add_all(review, by, drawn)


def _read_sample(folder: Path, name: str) -> DrawnCases:
    missing = [one for one in SAMPLE_FILES if not (folder / one).is_file()]
    missing = [one for one in missing if one != "stays_spells.csv"]
    if missing:
        rule = f"It lacks {', '.join(missing)}."
        remedy = "Zip the whole folder that wholesystem cases sample wrote."
        raise TableError([Fault(name, None, rule, remedy)])
    return read_drawn(folder)


def _draw(folder: Path) -> DrawnCases:
    asked = json.loads((folder / ASKED).read_text("utf-8"))
    strata_file = folder / "strata.csv"
    faults: list[Fault] = []
    stays = strata = None
    try:
        strata = read_strata(strata_file) if strata_file.is_file() else packaged_strata()
    except TableError as error:
        faults += error.faults
    path = next(one for one in sorted(folder.iterdir()) if one.stem == "stays")
    spells = next((one for one in folder.iterdir() if one.stem == "stays_spells"), None)
    try:
        _check_size(path)
        stays = read_stays(
            path,
            concurrent=frozenset(asked["concurrent"]) or None,
            spells=spells,
            most_faults=MOST_FAULTS,
        )
    except TableError as error:
        faults += error.faults
    if faults or stays is None or strata is None:
        raise TableError(faults)
    drawn = draw_cases(stays, strata, asked["seed"])
    if asked["simulated"] and not drawn.simulated:
        drawn = _as_simulated(drawn)
    return drawn


def _as_simulated(drawn: DrawnCases) -> DrawnCases:
    return DrawnCases(drawn.seed, drawn.people, drawn.concurrent, True, drawn.cases, drawn.notes)


def _check_size(path: Path) -> None:
    """Refuse a Parquet file that would fill the computer's memory once it is unpacked."""
    if path.suffix != ".parquet":
        return
    try:
        told = pq.ParquetFile(path).metadata
    except Exception:  # of many kinds; the reader tells what is wrong with it
        return
    unpacked = sum(told.row_group(at).total_byte_size for at in range(told.num_row_groups))
    if told.num_rows > MOST_ROWS or unpacked > MOST_BYTES:
        rule = f"It has {told.num_rows:,} rows; at most {MOST_ROWS:,} are taken."
        raise TableError([Fault(path.name, None, rule, "Cut it to the time under review.")])


# ----------------------------------------------------------------------------- adding


@transaction.atomic
def _add_all(review: models.Review, by: models.Member, drawn: DrawnCases) -> str:
    there = set(
        cases.Case.objects.filter(review=review, withdrawn="")
        .exclude(pseudonym=PAPER)
        .values_list("pseudonym", flat=True)
    )
    new = [one for one in drawn.cases if one.person not in there]
    codes = [_add(review, by, drawn, one) for one in new]
    known = len(drawn.cases) - len(new)
    told = [f"{len(codes)} {'case was' if len(codes) == 1 else 'cases were'} added."]
    if codes:
        told[0] = f"{told[0][:-1]}: {codes[0]} to {codes[-1]}."
    if known:
        told.append(
            f"{known} {'was' if known == 1 else 'were'} here already and stood as they are."
        )
    return "\n".join([*told, *drawn.notes])


def _fault(case: str, told: Any) -> Fault:
    """A cell of a stay that a review cannot hold, such as a number above the most stays."""
    context = told.get("ctx", {})
    column = told["loc"][0] if told["loc"] else ""
    rule = context.get("rule", f"{told['msg']}.")
    return Fault(f"{case}, column {column}", None, rule, context.get("remedy", "Correct it."))


def _add(review: models.Review, by: models.Member, drawn: DrawnCases, one: DrawnCase) -> str:
    try:
        stays = [dict(row) for row in stay_rows("C", one.stays)]
        delays = [dict(row) for row in delay_rows("C", one.delays)]
    except ValidationError as error:
        raise TableError([_fault(one.case, told) for told in error.errors()]) from None
    kind = "simulated journeys" if drawn.simulated else "journeys"
    values = {
        "title": "synthetic, simulated with a model" if drawn.simulated else "",
        "pseudonym": one.person,
        "stratum": one.stratum,
        "why": one.why,
        "seed": drawn.seed,
        "drawn_as": one.case[:ID_LENGTH],
        "concurrent": "; ".join(drawn.concurrent),
        "origin": f"Drawn by strata with seed {drawn.seed} from {drawn.people:,} {kind}.",
        "synthetic": "yes" if drawn.simulated else "no",
    }
    case = add_case(review=review, by=by, values=values, stays=stays, delays=delays, numbered=True)
    return case.code

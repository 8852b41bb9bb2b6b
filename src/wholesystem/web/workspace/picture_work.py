"""Making a review's data profile and system map."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from wholesystem.errors import Fault, OurFault, ParameterError, TableError, UserError
from wholesystem.web.workspace.uploads import unpack_tables

if TYPE_CHECKING:
    from wholesystem.indicators import Area
    from wholesystem.indicators.profile import AreaProfile

__all__ = ["MODEL_ENDINGS", "SUMMARY", "has_packaged_model", "write_map", "write_profile"]

#: What the review's own page shows of a profile.
SUMMARY = "summary.json"

#: A model that takes longer is too large for a page; the command line has no such limit.
MOST_MAP_SECONDS = 600
#: What the files of a model may end in.
MODEL_ENDINGS = (".csv", ".toml", ".md")
# The one area of which a model comes with the program.
PACKAGED_AREA = "E10000025"


# --------------------------------------------------------------------------- data profile


def write_profile(area_code: str, folder: Path) -> str:
    """Write the data profile of an area.

    Parameters
    ----------
    area_code : str
        Of the area.
    folder : Path
        Exists, and is empty.

    Returns
    -------
    str
        What it is made from, as the end of a sentence.

    Raises
    ------
    ParameterError
        If there is no such area, or no figure of it.
    """
    from wholesystem.indicators import find_area
    from wholesystem.indicators.profile import ProfileOptions
    from wholesystem.indicators.store_files import MANIFEST
    from wholesystem.reports.profile_run import open_data, write_area_profile

    area = find_area(area_code)
    store = Path(settings.INDICATORS_FOLDER)
    if not (store / MANIFEST).exists():
        return _write_packaged(area, folder)
    with open_data(store) as loading:
        profile = write_area_profile(loading, area, folder, ProfileOptions())
    _write_summary(profile, folder)
    return "the indicators of this workspace"


def _write_packaged(area: Area, folder: Path) -> str:
    """Write a profile from the packaged figures, where the area is among them."""
    from wholesystem.examples.demo_profile import AREA, UNTIL, make_demo_profile
    from wholesystem.examples.extract import extract_comparators, open_extract
    from wholesystem.indicators.profile import ProfileOptions
    from wholesystem.reports.profile_run import write_area_profile

    if area.code == AREA:
        made = make_demo_profile()
        made.write(folder, beside_map=False)
        _write_summary(made.profile, folder)
    else:
        with open_extract() as loading:
            if area.code not in set(loading.store.areas()["area_code"]):
                raise ParameterError(
                    f"There is no figure of {area.name} here. Figures are read from the store of"
                    " published indicators. Ask whoever runs this workspace to load some, with:"
                    " wholesystem indicators load."
                )
            options = ProfileOptions(until=UNTIL, lists=extract_comparators())
            _write_summary(write_area_profile(loading, area, folder, options), folder)
    return "the extract that comes with the program, which ends with December 2017"


def _write_summary(profile: AreaProfile, folder: Path) -> None:
    """Write what the review's own page shows of a profile."""
    from wholesystem.reports.profile_view import summary_row

    told = {
        "cautions": list(profile.cautions),
        "rows": [asdict(summary_row(one)) for one in profile.indicators],
    }
    text = json.dumps(told, ensure_ascii=False)
    (folder / SUMMARY).write_text(text, encoding="utf-8")


# --------------------------------------------------------------------------- system map


def has_packaged_model(area_code: str) -> bool:
    """Whether a model of an area comes with the program.

    Parameters
    ----------
    area_code : str
        Of the area.

    Returns
    -------
    bool
        True for Oxfordshire.
    """
    return area_code == PACKAGED_AREA


def write_map(upload: Path | None, name: str, folder: Path) -> None:
    """Write ``map.svg`` and ``map.json`` of a model.

    Parameters
    ----------
    upload : Path or None
        A workbook or a zip of a model's folder; None for the packaged one.
    name : str
        What the person called the upload.
    folder : Path
        Exists, and is empty.

    Raises
    ------
    TableError
        With every fault of the model.
    UserError
        If the run takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        if upload is None:
            from wholesystem.examples.demo import FOLDER

            _run(FOLDER, folder)
        else:
            _run(unpack_tables(upload, name, Path(passing), MODEL_ENDINGS), folder)


def _run(model: Path, folder: Path) -> None:
    command = [
        sys.executable, "-m", "wholesystem.web.workspace.map_making", str(model), str(folder)
    ]  # fmt: skip
    try:
        # In a session of its own: Ctrl-C ends the server, which finds the work again.
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=MOST_MAP_SECONDS,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise UserError(
            f"Simulating the model took more than {MOST_MAP_SECONDS // 60} minutes. Shorten its"
            " days, or simulate it on your own computer with: wholesystem simulate."
        ) from None
    refused = folder / "refused.json"
    if refused.is_file():
        told = json.loads(refused.read_text("utf-8"))
        if told["faults"]:
            raise TableError([Fault(**one) for one in told["faults"]])
        raise UserError(told["message"])
    if done.returncode != 0:
        raise OurFault(done.stderr.decode("utf-8", "replace")[-2000:])

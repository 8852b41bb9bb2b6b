"""The main job: the packaged area from its tables to its page."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from wholesystem.errors import ParameterError
from wholesystem.examples.demo_page import demo_page
from wholesystem.examples.demo_profile import make_demo_profile, profile_section
from wholesystem.examples.demo_report import write_demo_reports
from wholesystem.examples.published import compare_with_published, read_published
from wholesystem.files import check_folder, staged_folder
from wholesystem.flow import read_model, simulate
from wholesystem.flow.results import write_csv
from wholesystem.reports import mean_flows, render_page

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDER", "run_demo"]

#: The packaged area.
FOLDER = Path(__file__).parent / "oxfordshire_2017"


def run_demo(out: Path, replications: int = 30, progress: bool | None = None) -> list[str]:
    """Simulate Oxfordshire in 2017 and write its page and tables, with profile and reports beside.

    Parameters
    ----------
    out : Path
        Folder of the results; made where it does not exist.
    replications : int
        At least 2, for intervals.
    progress : bool, optional
        Whether to show a progress bar on standard error.

    Returns
    -------
    list of str
        Lines to print: a short table, and where to look.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    ParameterError
        If there are fewer than 2 replications.
    """
    if replications < 2:
        raise ParameterError(
            f"replications is {replications}. It must be 2 or more for an interval. Correct it."
        )
    check_folder(out)
    model = read_model(FOLDER)
    figures = read_published(FOLDER)
    seen: list[pd.DataFrame] = []
    with _hearing_ctrl_c() as heard:
        with _bar(progress, 2 * replications, heard) as advance:
            result = simulate(
                model, replications=replications, stays=True, progress=lambda done, n: advance()
            )
            compared = compare_with_published(
                model,
                figures,
                replications=replications,
                result=result,
                progress=lambda done, n: advance(),
                watch=lambda year: seen.append(year.table("flows", "year", ())),
            )
        profile = make_demo_profile(heard)
        page = demo_page(
            FOLDER, result, figures, compared, mean_flows(seen), profile_section(profile)
        )
        heard()
    with staged_folder(out) as folder:
        result.write_files(folder)
        write_csv(compared, folder / "published.csv")
        (folder / "map.svg").write_text(page.sections[0].pictures[0].svg, encoding="utf-8")
        (folder / "index.html").write_text(render_page(page), encoding="utf-8")
        profile.write(folder / "profile")
        write_demo_reports(folder / "report", profile.profile)
    return [*_short_table(compared), "", f"Open {out / 'index.html'} in a browser."]


@contextmanager
def _hearing_ctrl_c() -> Iterator[Callable[[], None]]:
    """A function, called at each step, that raises KeyboardInterrupt once Ctrl-C was pressed.

    Python drops an exception raised while an object is finalised, and Ibis has many that are
    finalised in Python: a Ctrl-C at such a moment would be lost. So the first waits for the next
    step, a second or so; another is handled at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None  # only the main thread is told of signals
        return
    before = signal.getsignal(signal.SIGINT)
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed and callable(before):
            before(number, frame)
        pressed = True

    def heard() -> None:
        if pressed:
            raise KeyboardInterrupt

    if callable(before):  # else Ctrl-C is ignored, and stays so
        signal.signal(signal.SIGINT, press)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(
    progress: bool | None, total: int, heard: Callable[[], None]
) -> Iterator[Callable[[], None]]:
    """A function to call at each step, with a bar or without."""
    if not progress:
        yield heard
        return
    from tqdm import tqdm

    with tqdm(total=total, desc="Simulating and measuring", file=sys.stderr) as bar:

        def advance() -> None:
            heard()
            bar.update(1)

        yield advance


def _short_table(compared: pd.DataFrame) -> list[str]:
    """A line for each figure: those predicted first, since they are the test."""
    widest = max(map(len, compared["label"]))
    lines = [f"{'':{widest}}{'published':>11}{'simulated':>11}  unit"]
    for role in ("predicted", "fitted"):
        lines.append(f"{role.capitalize()}:")
        for row in compared[compared["role"] == role].to_dict("records"):
            lines.append(
                f"{row['label']:{widest}}{row['published']:>11,.10g}{_short(row['mean']):>11}"
                f"  {row['unit']}"
            )
    return lines


def _short(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"

"""The main job: the packaged area from its tables to its page."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem.examples.published import PublishedFigure, compare_with_published, read_published
from wholesystem.files import check_folder, staged_folder
from wholesystem.flow import SimulationResult, read_model, simulate
from wholesystem.flow.results import write_csv
from wholesystem.pictures import (
    BodyDelay,
    ComparedFigure,
    PictureTable,
    ReasonDelay,
    delays_by_body,
    delays_by_reason,
    draw_system_map,
    published_against_simulated,
)
from wholesystem.reports import Page, Picture, Section, mean_flows, render_page, system_map_of
from wholesystem.reports.run_page import (
    BODIES,
    chart,
    made_by,
    map_section,
    notes_section,
    occupancy_section,
    reason_label,
    waits_section,
)
from wholesystem.stays import flows

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDER", "run_demo"]

#: The packaged area.
FOLDER = Path(__file__).parent / "oxfordshire_2017"

_VERDICTS = {
    "agrees": "agrees (in the interval, or within 5%)",
    "near": "near (within 15%)",
    "differs": "differs",
}


def run_demo(out: Path, replications: int = 30, progress: bool | None = None) -> list[str]:
    """Simulate Oxfordshire in 2017 and write its page and tables.

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
    check_folder(out)
    model = read_model(FOLDER)
    figures = read_published(FOLDER)
    words = tomllib.loads((FOLDER / "page.toml").read_text(encoding="utf-8"))
    seen: list[pd.DataFrame] = []
    with _bar(progress, 2 * replications) as advance:
        result = simulate(
            model, replications=replications, stays=True, progress=lambda done, n: advance()
        )
        compared = compare_with_published(
            model,
            figures,
            replications=replications,
            result=result,
            progress=lambda done, n: advance(),
            watch=lambda stays: seen.append(flows(stays)),
        )
    page, map_svg = _page(result, figures, compared, mean_flows(seen), words)
    with staged_folder(out) as folder:
        result.write_files(folder)
        write_csv(compared, folder / "published.csv")
        (folder / "map.svg").write_text(map_svg, encoding="utf-8")
        (folder / "index.html").write_text(render_page(page), encoding="utf-8")
    return [*_short_table(compared), "", f"Open {out / 'index.html'} in a browser."]


@contextmanager
def _bar(progress: bool | None, total: int) -> Iterator[Callable[[], None]]:
    if not progress:
        yield lambda: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc="Simulating and measuring", file=sys.stderr) as bar:

        def advance() -> None:
            bar.update(1)

        yield advance


def _page(
    result: SimulationResult,
    figures: tuple[PublishedFigure, ...],
    compared: pd.DataFrame,
    moves: pd.DataFrame,
    words: dict[str, Any],
) -> tuple[Page, str]:
    year = f"{result.model.settings.start.year + 1}, simulated"
    drawn = system_map_of(
        result, moves, title=words["map_title"], period=year, source=words["source"]
    )
    delayed = compared.iloc[0]
    acute = result.services.index("acute")
    occupied = result.replicates["used_share"][:, acute].mean()
    biggest = max((row for row in _delays(figures, compared, "reasons")), key=lambda row: row.mean)
    facts = (
        (f"{delayed['mean']:.0f}", f"people delayed on an average day, {words['published_window']}"
                                   f" (published: {delayed['published']:.1f})"),
        (f"{biggest.mean:.0f}", f"of them for the main reason: {biggest.label}"
                                f" (published: {biggest.published:.1f})"),
        (f"{occupied:.0%}", "of acute beds in use over the year"),
        (_agreement(compared, "fitted"), "fitted figures within 5% of the published one, or with"
                                         " it inside their 95% interval"),
        (_agreement(compared, "predicted"), "predicted figures as near as that"),
    )  # fmt: skip
    sections = (
        map_section(drawn),
        _published_section(figures, compared, words),
        _delays_section(figures, compared, words),
        waits_section(result),
        occupancy_section(result),
        Section("can", "What these figures can say", points=tuple(words["what_it_can"])),
        Section(
            "cannot",
            "What they cannot say",
            points=(*words["what_it_cannot"], *notes_section(result).points),
        ),
    )
    page = Page(
        title=words["title"],
        lead=words["lead"],
        facts=facts,
        sections=sections,
        footer=(made_by(result), words["licence"]),
    )
    return page, draw_system_map(drawn)


def _agreement(compared: pd.DataFrame, role: str) -> str:
    verdicts = compared.loc[compared["role"] == role, "verdict"]
    return f"{(verdicts == 'agrees').sum()} of {len(verdicts)}"


def _published_section(
    figures: tuple[PublishedFigure, ...], compared: pd.DataFrame, words: dict[str, Any]
) -> Section:
    rows = [
        ComparedFigure(r["label"], r["unit"], r["published"], r["mean"], r["lower95"],
                       r["upper95"], r["role"])
        for r in compared.to_dict("records")
    ]  # fmt: skip
    table = PictureTable(
        "Published and simulated figures, with their sources",
        ("Figure", "Published", "Simulated", "95% interval", "Difference", "Unit", "Basis",
         "Verdict", "Published for", "About", "Source", "Note"),
        tuple(_published_cells(f, r) for f, r in
              zip(figures, compared.to_dict("records"), strict=True)),
        (False, True, True, True, True, *([False] * 7)),
    )  # fmt: skip
    picture = chart(published_against_simulated(rows))
    return Section(
        "published",
        "Simulated beside published",
        paragraphs=(
            "Fitted: numbers of the model were chosen so that this figure comes out. Predicted:"
            " it comes out by itself, and so is a test of the model.",
            f"The delayed transfers are those of {words['published_window']}, in the published"
            " figures and in the simulated year.",
        ),
        pictures=(Picture(picture.svg, (table,), wide=False),),
    )


def _published_cells(figure: PublishedFigure, row: dict[str, Any]) -> tuple[str, ...]:
    return (
        figure.label,
        _number(row["published"]),
        _number(row["mean"]),
        f"{_number(row['lower95'])} to {_number(row['upper95'])}",
        f"{row['difference_percent']:+.1f}%",
        figure.unit,
        figure.role,
        _VERDICTS[row["verdict"]],
        figure.period,
        figure.base,
        figure.figure,
        figure.note,
    )


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def _delays_section(
    figures: tuple[PublishedFigure, ...], compared: pd.DataFrame, words: dict[str, Any]
) -> Section:
    source = (
        f"Mean people ready to leave and still in an NHS bed, {words['published_window']}."
        " Published: NHS England, delayed transfers of care by local authority, revised figures."
    )
    reasons = _delays(figures, compared, "reasons")
    bodies = _delays(figures, compared, "responsible")
    return Section(
        "delays",
        "Who is held up, and why",
        pictures=(
            chart(delays_by_reason(reasons), source),
            chart(delays_by_body([BodyDelay(*_fields(b)) for b in bodies]), source),
        ),
    )


def _fields(row: ReasonDelay) -> tuple[str, float, float, float, float]:
    return row.label, row.mean, row.lower95, row.upper95, row.published


def _delays(
    figures: tuple[PublishedFigure, ...], compared: pd.DataFrame, by: str
) -> list[ReasonDelay]:
    """Rows of people delayed that name one reason, or one responsible body; most first."""
    rows = []
    for figure, row in zip(figures, compared.to_dict("records"), strict=True):
        given = figure.named_arguments()
        if figure.measure != "people_delayed" or "|" in given.get(by, "|"):
            continue
        label = reason_label(given[by]) if by == "reasons" else BODIES[given[by]]
        rows.append(
            ReasonDelay(label, row["mean"], row["lower95"], row["upper95"], row["published"])
        )
    return sorted(rows, key=lambda row: -row.published)


def _short_table(compared: pd.DataFrame) -> list[str]:
    lines = [f"{'':56}{'published':>10}{'simulated':>11}   basis"]
    for row in compared.to_dict("records"):
        lines.append(
            f"{row['label'][:55]:56}{_number(row['published']):>10}{_number(row['mean']):>11}"
            f"   {row['role']}"
        )
    return lines

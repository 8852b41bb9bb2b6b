"""The page of an SPC chart in a real browser: readable by everyone, on any width, offline."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wholesystem import cli

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Any]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One chart, rebased and against a target, and a page of two areas."""
    folder = tmp_path_factory.mktemp("spc")
    months = [f"{2016 + i // 12}-{i % 12 + 1:02d}" for i in range(30)]
    rows = [
        f"{month},{area},{4000 + (i * 37) % 11 * 60 + (i > 18) * 900}"
        for area in ("Kent", "Leeds")
        for i, month in enumerate(months)
    ]
    (folder / "areas.csv").write_text("\n".join(["month,area,days", *rows]))
    (folder / "one.csv").write_text("\n".join(["month,area,days", *rows[:30]]))
    told = ["--better", "low", "--target", "4100"]
    rebased = ["--rebase", "2017-08", "--reason", "New ward opened on the north site"]
    for name, more in (("one", rebased), ("areas", ["--group", "area"])):
        file, out = str(folder / f"{name}.csv"), str(folder / name)
        assert cli.main(["spc", file, "--out", out, *told, *more]) == 0
    return {name: folder / name / "index.html" for name in ("one", "areas")}


@pytest.mark.parametrize("name", ["one", "areas"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_off_the_page(browser: Any, pages, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    letters = page.evaluate(
        "Math.min(...[...document.querySelectorAll('svg[role=img] text')]"
        ".map(text => text.getBoundingClientRect().height))"
    )
    assert letters >= 9  # a line of 9 px capitals: small, and legible
    page.close()


@pytest.mark.parametrize("name", ["one", "areas"])
def test_no_serious_fault_for_people_with_disabilities(browser: Any, pages, name: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(pages[name].as_uri())
    found = axe.run(page).response["violations"]
    page.close()

    serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []

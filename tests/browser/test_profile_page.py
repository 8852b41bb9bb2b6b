"""The page of a profile in a real browser: read by everyone, on any width, on paper, offline."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import profiles
from wholesystem.indicators import find_area
from wholesystem.indicators.profile import make_profile
from wholesystem.reports.profile_page import LoadedFile, profile_page

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
AREAS = ("Oxfordshire", "Kent")
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Any]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An area with all that a profile may have, and one with a gap."""
    folder = tmp_path_factory.mktemp("profile")
    data = profiles.make_data(profiles.make_store(folder / "store"))
    files = (LoadedFile("June_17.xls", "dtoc", 153, 150, "3 rows: no area code"),)
    written = {}
    for name in AREAS:
        path = folder / f"{name}.html"
        path.write_text(profile_page(make_profile(data, find_area(name)), files), "utf-8")
        written[name] = path
    return written


def opened(browser: Any, path: Path, width: int = 1280, **options: Any) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("name", AREAS)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_off_the_page_and_nothing_is_fetched(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("name", AREAS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_fault_of_any_weight_for_people_with_disabilities(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, pages[name], width)
    # What is folded away is read too.
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = axe.run(page).response["violations"]
    page.close()
    told = [(one["id"], one["impact"], [n["target"] for n in one["nodes"][:3]]) for one in found]
    assert told == []


def test_the_keyboard_reaches_the_content_at_once(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["Oxfordshire"])
    page.keyboard.press("Tab")
    link = page.evaluate(
        "[document.activeElement.textContent, document.activeElement.getBoundingClientRect().top]"
    )
    assert link[0] == "Skip to main content"
    assert link[1] >= 0  # it is seen where it is reached
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_tables_that_scroll_can_be_scrolled_by_keyboard(
    browser: Any, pages: dict[str, Path]
) -> None:
    page = opened(browser, pages["Oxfordshire"], 390)
    unreached = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => one.scrollWidth > one.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)"
        " && one.tabIndex < 0 && one.clientWidth > 0).length"
    )
    assert unreached == 0
    page.close()


def test_a_link_of_the_summary_leads_to_the_indicator(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["Oxfordshire"])
    page.click("table.summary a[href='#indicator-dtoc_rate']")
    page.wait_for_timeout(100)
    place = "document.getElementById('indicator-dtoc_rate').getBoundingClientRect()"
    top = page.evaluate(f"{place}.top")
    assert -5 <= top < 300
    page.close()


def test_the_page_needs_no_script(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["Oxfordshire"].as_uri())
    assert page.inner_text("h1") == "Oxfordshire: local data profile"
    page.click("article#indicator-dtoc_rate details summary")
    assert "dtoc_2017_09.xls, sheet LA" in page.inner_text("article#indicator-dtoc_rate details")
    context.close()


def test_the_page_prints_each_indicator_whole(browser: Any, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["Oxfordshire"])
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    hidden = page.evaluate(
        "[...document.querySelectorAll('article')].filter(one => one.offsetHeight < 100).length"
    )
    page.close()
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    # Ten indicators start a sheet each, after the summary; none runs over three.
    assert 11 <= sheets <= 40
    assert hidden == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_letters_of_every_picture_are_legible(
    browser: Any, pages: dict[str, Path], width: int
) -> None:
    page = opened(browser, pages["Oxfordshire"], width)
    letters = page.evaluate(
        "Math.min(...[...document.querySelectorAll('article svg[role=img] text')]"
        ".map(text => text.getBoundingClientRect().height).filter(height => height > 0))"
    )
    assert letters >= 9  # a line of 9 px capitals: small, and legible
    page.close()

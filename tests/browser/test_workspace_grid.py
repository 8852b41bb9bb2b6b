"""The grid in Chromium: its head stays in sight, phones get a list, paper gets landscape pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from tests.helpers.served import served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
ADDRESS = "/reviews/oxfordshire_2017/grid/"


@pytest.fixture(scope="module")
def grid(
    require: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The packaged review's grid, in a browser that runs no script."""
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright, served(tmp_path_factory.mktemp("data")) as running:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        page = browser.new_context(base_url=running.address, java_script_enabled=False).new_page()
        page.goto("/")
        for name, text in {
            "code": running.code,
            "name": "Lee",
            "email": "lee@example.org",
            "password": "a long and quiet sentence",
        }.items():
            page.locator(f"main [name={name}]").fill(text)
        page.get_by_role("button", name="Create account").click()
        page.goto(ADDRESS)
        yield page
        browser.close()


def test_the_head_stays_in_sight_on_a_wide_screen(grid: Page) -> None:
    grid.set_viewport_size({"width": 1280, "height": 900})
    head = grid.locator(".app-grid thead th").first
    grid.locator(".app-grid tbody tr").last.scroll_into_view_if_needed()

    box = head.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 5
    assert grid.locator(".app-grid__gap").first.inner_text() == "Gap"


def test_every_number_is_large_enough_to_be_touched(grid: Page) -> None:
    for width in (1280, 390):
        grid.set_viewport_size({"width": width, "height": 900})
        links = grid.locator(".app-grid a")
        for at in range(0, links.count(), 17):
            box = links.nth(at).bounding_box()
            assert box is not None
            assert box["height"] >= 24, (width, links.nth(at).inner_text())


def test_a_phone_shows_a_list_with_the_gaps_in_words(grid: Page) -> None:
    grid.set_viewport_size({"width": 390, "height": 800})

    assert not grid.locator(".app-grid__gap").first.is_visible()
    assert grid.locator(".app-grid__gaps").first.inner_text().startswith("Gaps: ")
    assert grid.locator(".app-grid__kind").first.inner_text() == "All kinds"
    assert grid.get_by_role("table").count() == 1
    assert grid.get_by_role("rowheader").count() > 35


def test_the_table_is_printed_on_landscape_pages_with_its_head_on_each(grid: Page) -> None:
    grid.set_viewport_size({"width": 1280, "height": 900})
    pages = PdfReader(io.BytesIO(grid.pdf(prefer_css_page_size=True))).pages

    assert 3 <= len(pages) <= 12
    for page in pages[1:-1]:
        assert page.mediabox.width > page.mediabox.height
        assert "Question" in page.extract_text()[:40]
    assert "Gap" in pages[1].extract_text()

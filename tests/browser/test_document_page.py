"""The page of a document in a real browser: read by everyone, on any width, on paper, offline."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.helpers.reports import full_blocks, make_document, make_figure, make_table
from wholesystem.reports.documents import (
    Column,
    Heading,
    House,
    Paragraph,
    Table,
    number_cell,
    render_html,
)

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
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
def page_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of block, and a table and words that are wider than a telephone."""
    wide = Table(
        "Wide",
        tuple(Column(f"Heading {n}", "right") for n in range(12)),
        tuple((f"Row {r}", *(number_cell(123456.7 * r) for _ in range(11))) for r in range(4)),
    )
    document = make_document(
        *full_blocks()[:-2],
        Heading(2, "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2),
        Paragraph("W" * 300),
        wide,
        make_figure("more", data=make_table("More", 40)),
        Heading(3, "End"),
        Paragraph("The last words."),
    )
    path = tmp_path_factory.mktemp("document") / "report.html"
    house = House(cover="#00594c", accent="#00594c")
    path.write_text(render_html(document, house), encoding="utf-8")
    return path


def opened(browser: Any, path: Path, width: int = 1280) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_off_the_page_and_nothing_is_fetched(
    browser: Any, page_path: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_fault_of_any_weight_for_people_with_disabilities(
    browser: Any, page_path: Path, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, page_path, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = axe.run(page).response["violations"]
    page.close()
    told = [(one["id"], one["impact"], [n["target"] for n in one["nodes"][:3]]) for one in found]
    assert told == []


def test_the_keyboard_reaches_the_content_at_once(browser: Any, page_path: Path) -> None:
    page = opened(browser, page_path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main_"
    page.close()


def test_what_scrolls_can_be_scrolled_by_keyboard(browser: Any, page_path: Path) -> None:
    page = opened(browser, page_path, 390)
    unreached = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => one.scrollWidth > one.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)"
        " && one.tabIndex < 0 && one.clientWidth > 0).length"
    )
    assert unreached == 0
    page.close()


def test_pictures_are_drawn_and_numbers_are_not_broken(browser: Any, page_path: Path) -> None:
    page = opened(browser, page_path, 390)
    drawn = page.evaluate("[...document.images].map(one => one.naturalWidth > 0)")
    assert len(drawn) == 3
    assert all(drawn)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    lines = page.evaluate(
        "[...document.querySelectorAll('td data')].map(one => one.getClientRects().length)"
    )
    assert len(lines) > 100
    assert set(lines) == {1}
    page.close()


def test_the_page_needs_no_script(browser: Any, page_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_path.as_uri())
    page.click("details summary >> nth=0")
    assert "1,234.5" in page.inner_text("details >> nth=0")
    context.close()


def test_paper_has_all_of_it_under_headers_that_are_repeated(browser: Any, page_path: Path) -> None:
    page = opened(browser, page_path)
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    pages = [one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages]
    whole = "\n".join(pages)

    # What is folded away on the screen is open on paper.
    assert whole.count("Reason 7") >= 3
    assert "The last words." in whole
    assert "370,370" in whole
    assert "Skip to main content" not in whole
    assert sum("Days" in text and "Share" in text and "Reason" in text for text in pages) >= 3
    assert all("DRAFT" in text for text in pages)
    assert f"1 / {len(pages)}" in pages[0]

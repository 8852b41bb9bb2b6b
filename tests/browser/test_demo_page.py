"""The demo's page in a real browser: readable by everyone, on any width, on paper, offline."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.models import make_model
from wholesystem.examples import run_demo
from wholesystem.flow import simulate
from wholesystem.reports import write_run_page

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
# A4 on its side less the margins of page.css, in the 96 units an inch of style sheets.
PAPER = {"width": 1032, "height": 699}


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Any]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


@pytest.fixture(scope="module")
def demo(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a short run; after `browser`, so that nothing is run where there is none."""
    out = tmp_path_factory.mktemp("demo")
    run_demo(out, replications=2)
    return out / "index.html"


@pytest.fixture(scope="module")
def profile(demo: Path) -> Path:
    """The area's profile beside it."""
    return demo.parent / "profile" / "index.html"


@pytest.fixture(scope="module")
def small(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one ward, run once, with a name meant to harm."""
    model = make_model(
        services=[{"service": "ward", "label": "<script>alert(1)</script> שלום", "places": 4}],
        arrivals="service,per_day\nward,1",
        durations="service,days\nward,exponential(mean=2)",
        routes="from,to,share\nward,out,1",
        days=30,
        replications=1,
        name="One <b>ward</b>",
    )
    out = tmp_path_factory.mktemp("small")
    write_run_page(simulate(model, stays=True), out)
    return out / "index.html"


@pytest.fixture
def show(browser: Any) -> Iterator[Callable[..., Any]]:
    """`show(file, width)`: the page in a window, every request recorded in `page.asked`."""
    contexts = []

    def opened(file: Path, width: int = 1280, height: int = 900, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def open_all(page: Any) -> None:
    for summary in page.locator("summary").all():
        summary.click()


@pytest.mark.parametrize("which", ["demo", "small", "profile"])
@pytest.mark.parametrize("width", [1600, 390])
def test_axe_finds_nothing(show: Any, request: Any, which: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = show(request.getfixturevalue(which), width)
    open_all(page)

    found = axe.Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("which", ["demo", "small", "profile"])
def test_nothing_is_asked_for_but_the_page(show: Any, request: Any, which: str) -> None:
    file = request.getfixturevalue(which)
    page = show(file)
    open_all(page)

    assert [url for url in page.asked if not url.startswith("data:")] == [file.as_uri()]


@pytest.mark.parametrize("which", ["demo", "small", "profile"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1600])
def test_the_page_is_no_wider_than_the_window(
    show: Any, request: Any, which: str, width: int
) -> None:
    page = show(request.getfixturevalue(which), width)
    open_all(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_map_and_profile_lead_to_each_other(show: Any, demo: Path, profile: Path) -> None:
    page = show(demo)

    page.get_by_role("link", name="Local data profile").click()
    assert page.url == profile.as_uri()
    page.get_by_role("link", name="How older people moved through the system in 2017").click()
    assert page.url == demo.as_uri()
    page.get_by_role("link", name="The report's figures again").click()
    assert page.url == f"{profile.as_uri()}#more"
    assert page.locator("#more table").first.locator("tbody tr").count() == 22


def test_all_is_there_without_scripts(show: Any, demo: Path) -> None:
    page = show(demo, java_script_enabled=False)

    assert page.locator("h1").inner_text().startswith("How older people moved")
    table = page.locator("details table").first
    assert not table.is_visible()
    page.locator("summary").first.click()
    assert table.is_visible()


def test_the_map_fills_the_first_window(show: Any, demo: Path) -> None:
    page = show(demo, 1600)
    box = page.locator("svg").first.bounding_box()

    assert box["y"] < 250
    assert box["width"] > 1400


def test_pictures_have_a_title_and_a_description(show: Any, demo: Path) -> None:
    page = show(demo)

    spoken = page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')].map(svg =>
          svg.getAttribute('aria-labelledby').split(' ')
             .map(id => document.getElementById(id).textContent.trim()))"""
    )

    assert len(spoken) == page.locator("figure").count() == 8
    assert all(title and described for title, described in spoken)


def test_numbers_of_a_picture_are_those_of_its_table(show: Any, demo: Path) -> None:
    """Columns Published and Simulated stand in the picture as in the table, row by row."""
    page = show(demo)

    pairs = page.evaluate(
        """() => [...document.querySelectorAll('.picture:has(figure):has(table)')].map(p => ({
          drawn: [...p.querySelectorAll('svg text')].map(t => t.textContent),
          heads: [...p.querySelectorAll('thead th')].map(t => t.textContent),
          rows: [...p.querySelectorAll('tbody tr')].map(r =>
            [...r.children].map(c => c.textContent)),
        }))"""
    )

    checked = 0
    for pair in pairs:
        for name in {"Published", "Simulated", "Mean days waited"} & set(pair["heads"]):
            place = pair["heads"].index(name)
            for row in pair["rows"]:
                assert row[place] in pair["drawn"], (name, row)
                checked += 1
    assert checked > 90


def test_people_delayed_on_the_map_are_those_of_the_services_table(show: Any, demo: Path) -> None:
    page = show(demo)
    drawn = page.locator("svg").first.locator("text").all_text_contents()
    open_all(page)
    table = page.locator("#figures table").first
    heads = table.locator("thead th").all_inner_texts()
    place = heads.index("Of them ready but delayed")

    written = {
        row.locator("td, th").all_inner_texts()[place] for row in table.locator("tbody tr").all()
    }
    on_boxes = {text.removesuffix(" delayed") for text in drawn if text.endswith(" delayed")}

    assert len(on_boxes) > 5
    assert on_boxes <= written


def test_headings_never_skip_a_level(show: Any, demo: Path) -> None:
    page = show(demo)
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_keyboard_finds_the_way_in_and_sees_where_it_is(show: Any, demo: Path) -> None:
    page = show(demo)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")

    assert focused.inner_text() == "Skip to main content"
    assert focused.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("class") == "drawing"
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3


def test_wide_things_scroll_inside_on_a_phone(show: Any, demo: Path) -> None:
    page = show(demo, 390)
    inside = page.evaluate(
        """() => { const map = document.querySelector('.drawing');
          map.scrollLeft = 99999; return [map.scrollLeft, map.clientWidth]; }"""
    )

    assert inside[0] > inside[1]
    letters = page.evaluate(
        """() => { const svg = document.querySelector('svg');
          return 14 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }"""
    )
    assert letters >= 10


def test_what_was_fitted_and_who_published_it_can_be_read(show: Any, demo: Path) -> None:
    text = show(demo).locator("body").inner_text()

    for words in (
        "Predicted figures",
        "Fitted figures: people delayed",
        "NHS England, delayed transfers of care, revised (D01)",
        "Care Quality Commission, local system review report, 2018 (F102)",
        "What they cannot say",
        "Only 2 replications: the intervals are unreliable.",
        "seed 2017",
        "Open Government Licence v3.0",
    ):
        assert words in text


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_paper_has_the_map_on_its_first_page_and_every_table(show: Any, demo: Path) -> None:
    page = show(demo, **PAPER)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    first = page.locator("figure").first.bounding_box()
    heights = [table.bounding_box()["height"] for table in page.locator("details table").all()]

    assert first["y"] + first["height"] <= PAPER["height"]
    assert 12 <= pages_of(pdf) <= 18
    assert re.search(rb"/MediaBox\s*\[0 0 84\d[\d.]* 59\d", pdf)
    assert len(heights) == 2
    assert min(heights) > 300
    assert not page.locator("nav").is_visible()


def test_no_picture_on_paper_is_higher_or_wider_than_a_page(show: Any, demo: Path) -> None:
    page = show(demo, **PAPER)
    page.emulate_media(media="print")

    for figure in page.locator(".keep:has(figure)").all():
        box = figure.bounding_box()
        assert box["height"] <= PAPER["height"], figure.inner_text()[:60]
        assert box["x"] + box["width"] <= PAPER["width"] + 1


def test_small_run_fits_few_pages(show: Any, small: Path) -> None:
    page = show(small, **PAPER)

    assert pages_of(page.pdf(prefer_css_page_size=True)) <= 4
    assert page.locator("h1").inner_text() == "One <b>ward</b>"

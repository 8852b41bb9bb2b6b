"""The system map in a real browser: nothing written over anything else, nothing cut off."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.pictures import county_map
from wholesystem.pictures import MapFlow, MapService, SystemMap, draw_system_map

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
BOXES = """() => [...document.querySelectorAll('svg text')].map(text => {
  const box = text.getBoundingClientRect();
  return {words: text.textContent, left: box.left, top: box.top, right: box.right,
          bottom: box.bottom, size: parseFloat(getComputedStyle(text).fontSize)};
})"""
# A text's box holds the whole line, letters of 14 units being about 11 high: lines set close
# may share this much without letters touching.
SHARED_HEIGHT = 2.0


@pytest.fixture(scope="module")
def page(require: Callable[[object, str], None]) -> Iterator[Any]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield browser.new_page(viewport={"width": 1600, "height": 900})
        browser.close()


def small_map() -> SystemMap:
    services = (
        MapService("home", "Own home", "usual_place", None, occupied=5000),
        MapService("ward", "Ward", "hospital", 30, occupied=29.2, delayed=6.3),
        MapService("care", "Home care", "step_down", 200, occupied=199, waiting_outside=4),
    )
    flows = (
        MapFlow("", "ward", 4.2, 0.3),
        MapFlow("home", "ward", 1.0, 0.2),
        MapFlow("ward", "home", 3.1, 0.1),
        MapFlow("ward", "care", 1.9, 3.3, 6.3),
        MapFlow("care", "home", 1.8, 0.0),
        MapFlow("care", "ward", 0.2, 0.0),
    )
    return SystemMap("A small area", "", "2017", services, flows, "invented")


def shown_texts(page: Any, system_map: SystemMap, *, font: str = "Arial") -> list[dict[str, Any]]:
    svg = draw_system_map(system_map).replace('font-family="Arial,', f'font-family="{font},')
    page.set_content(f'<body style="margin:0">{svg}')
    found: list[dict[str, Any]] = page.evaluate(BOXES)
    return found


# DejaVu Sans is a sixth wider than Arial, for which the picture is planned.
@pytest.mark.parametrize("font", ["Arial", "DejaVu Sans"])
def test_no_text_of_a_county_lies_over_another(page: Any, font: str) -> None:
    texts = shown_texts(page, county_map(), font=font)

    assert len(texts) > 100
    for i, a in enumerate(texts):
        for b in texts[i + 1 :]:
            across = min(a["right"], b["right"]) - max(a["left"], b["left"])
            down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
            assert across <= 0.5 or down <= SHARED_HEIGHT, (a["words"], b["words"])


@pytest.mark.parametrize("make", [county_map, small_map])
def test_all_text_lies_in_the_window(page: Any, make: Callable[[], SystemMap]) -> None:
    for text in shown_texts(page, make()):
        assert text["left"] >= 0, text["words"]
        assert text["top"] >= 0, text["words"]
        assert text["right"] <= 1600, text["words"]
        assert text["bottom"] <= 900, text["words"]


def test_letters_are_14_high_or_more_on_a_projector(page: Any) -> None:
    assert min(text["size"] for text in shown_texts(page, county_map())) >= 14


def test_text_stays_inside_its_box(page: Any) -> None:
    shown_texts(page, county_map())

    outside = page.evaluate(
        """() => [...document.querySelectorAll('g.service')].flatMap(box => {
          const frame = box.querySelector('rect').getBoundingClientRect();
          return [...box.querySelectorAll('text')].filter(text => {
            const line = text.getBoundingClientRect();
            return line.left < frame.left || line.right > frame.right + 1;
          }).map(text => text.textContent);
        })"""
    )

    assert outside == []

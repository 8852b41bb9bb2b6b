"""A respondent in Chromium on a phone, by keyboard alone: from a link to thanks, with scripts and
without, and on from another device with a return code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers.answering import links_of, open_one
from tests.helpers.person import Person
from tests.helpers.served import served
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
INSTRUMENTS = ("relational_audit", "discharge_information_flow")
COMMENT = "It works when people know each other \U0001f642 شكرا"
#: Bytes of a page with all that it loads, from an empty cache.
MOST_BYTES = 100_000


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("answering")


@pytest.fixture(scope="module")
def address(browser: Browser, folder: Path) -> Iterator[str]:
    """A workspace with an account, which serves."""
    with served(folder, "--no-example") as running:
        Person(browser, running.address, script=False).create_first_account(running.code)
        yield running.address


@pytest.fixture(autouse=True)
def _same_folder(settings: Any, folder: Path) -> None:
    settings.DATA_FOLDER = folder


class Phone:
    """A respondent's browser: the keyboard is all that is used, and every page is looked at."""

    def __init__(self, browser: Browser, *, script: bool) -> None:
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": 390, "height": 844}
        )
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.script = script
        self.seen: list[str] = []
        self.bytes = 0
        self.page.on("requestfinished", self._weigh)

    def _weigh(self, request: Any) -> None:
        size = request.sizes()
        self.bytes += size["responseBodySize"] + size["responseHeadersSize"]

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """One heading, nothing wider than the window, no fault for axe, and no script needed."""
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.locator("script").count() == 0
        self.seen.append(self.page.locator("h1").inner_text())
        if self.script:
            found = Axe().run(self.page).response["violations"]
            assert [one["id"] for one in found] == [], self.page.url
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not self.page.evaluate(wide), self.page.url

    def press(self, words: str) -> None:
        """Go on with Tab to a button or link, and press it."""
        target = f'main button:focus:has-text("{words}"), main a:focus:has-text("{words}")'
        for _ in range(200):
            if self.page.locator(target).count():
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return self.look()
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No Tab leads to {words} on {self.page.url}")

    def answer(self, words: str) -> None:
        """Answer all questions of a page that can be reached, then press a button."""
        done: set[str | None] = set()
        keyboard = self.page.keyboard
        for _ in range(200):
            keyboard.press("Tab")
            found = self.page.locator("main :focus")
            if self.page.locator("main button:focus").count():
                return self.press(words)
            if not self.page.locator("main :is(input, textarea, select):focus").count():
                continue
            name = found.get_attribute("name")
            assert name != "website", "the field for machines has the focus"
            if name in done:
                continue
            done.add(name)
            if self.page.locator("main textarea:focus").count():
                keyboard.insert_text(COMMENT)
            else:
                select = self.page.locator("main select:focus").count()
                keyboard.press("ArrowDown" if select else "Space")
        raise AssertionError(f"No Tab leads to a button on {self.page.url}")

    def answer_all(self) -> None:
        """From the page that is open to the last one, where all is shown once more."""
        for _ in range(20):
            if self.page.url.endswith("/check/"):
                return
            self.answer("Continue")
        raise AssertionError("The pages have no end.")


def whole(instrument: str, sheet: Any) -> None:
    """Every question that this respondent must answer has an answer."""
    asked = read_instrument(instrument)
    needed = {
        one.question
        for one in asked.asked
        if one.required == "yes" and asked.is_shown(one, sheet.role, sheet.answers)
    }
    assert needed
    assert needed <= set(sheet.answers)
    texts = [one.question for one in asked.asked if one.kind == "text"]
    assert COMMENT in [sheet.answers.get(one) for one in texts]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_from_a_link_to_thanks(
    instrument: str, script: bool, browser: Browser, address: str
) -> None:
    key = open_one(instrument)
    (link,) = links_of(key)
    phone = Phone(browser, script=script)

    phone.open(urljoin(address, link))
    assert "Nobody is told who said what" in phone.page.locator("main").inner_text()
    phone.press("Start")
    phone.answer_all()
    assert COMMENT in phone.page.locator("main").inner_text()
    phone.press("Send")

    assert phone.seen[-1] == "Thank you"
    assert read_instrument(instrument).info.thanks in phone.page.locator("main").inner_text()
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    whole(instrument, sheet)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_on_from_another_device(
    instrument: str, script: bool, browser: Browser, address: str
) -> None:
    key = open_one(instrument)
    (link,) = links_of(key)
    phone = Phone(browser, script=script)
    phone.open(urljoin(address, link))
    phone.press("Start")
    phone.answer("Continue")  # what the respondent is
    phone.answer("Save and come back later")
    code = phone.page.locator(".code").inner_text()

    other = Phone(browser, script=script)
    other.open(urljoin(address, link))
    other.press("return code")
    other.page.keyboard.press("Tab")
    for _ in range(20):
        if other.page.locator("#code:focus").count():
            break
        other.page.keyboard.press("Tab")
    other.page.keyboard.insert_text("aaaa-bbbb-cccc-dddd")
    other.press("Go on")
    assert "There is no such code" in other.page.locator("main").inner_text()
    while not other.page.locator("#code:focus").count():
        other.page.keyboard.press("Tab")
    other.page.keyboard.press("Control+A")
    other.page.keyboard.insert_text(code.upper())
    other.press("Go on")
    # What was answered is there: this is a page that was not.
    assert "/page/1/" not in other.page.url
    other.answer_all()
    other.press("Send")

    assert other.seen[-1] == "Thank you"
    phone.open(urljoin(address, link))
    assert phone.seen[-1] == "Your answers were sent already"
    answers.close_tool(key)
    (sheet,) = answers.sheets(key)
    whole(instrument, sheet)


def test_an_error_leads_to_its_question(browser: Browser, address: str) -> None:
    key = open_one("discharge_information_flow")
    (link,) = links_of(key)
    phone = Phone(browser, script=True)
    phone.open(urljoin(address, link))
    phone.press("Start")
    phone.press("Continue")
    assert phone.page.title().startswith("Error: ")
    summary = phone.page.locator(".errors a")
    assert summary.count()
    place = summary.first.get_attribute("href")
    while not phone.page.locator(".errors a:focus").count():
        phone.page.keyboard.press("Tab")
    phone.page.keyboard.press("Enter")
    assert phone.page.locator(str(place)).count() == 1
    # The field has the focus, or is the next thing that Tab reaches.
    if not phone.page.locator(f"{place}:focus").count():
        phone.page.keyboard.press("Tab")
    assert phone.page.locator(f"{place}:focus").count() == 1


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a_page_is_light(instrument: str, browser: Browser, address: str) -> None:
    """All that is loaded for one page from an empty cache, for the heaviest page."""
    key = open_one(instrument)
    (link,) = links_of(key)
    phone = Phone(browser, script=False)
    phone.open(urljoin(address, link))
    weights = [phone.bytes]
    assert phone.bytes > 1_000
    first = phone.bytes
    phone.press("Start")
    for _ in range(20):
        # As if what the first page loaded were loaded for every page.
        weights.append(first + len(phone.page.content().encode("utf-8")))
        if phone.page.url.endswith("/check/"):
            break
        phone.answer("Continue")
    assert max(weights) < MOST_BYTES

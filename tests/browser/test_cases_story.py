"""A case from paper to evidence in Chromium: with scripts and without, by keyboard alone, on a
phone, and on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers.served import served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
PASSWORD = "a long and quiet sentence"
REVIEW = "/reviews/oxfordshire_2017/"
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


class Person:
    """One person, who uses the keyboard alone: no click, no typing into what is not focused."""

    def __init__(self, browser: Browser, address: str, *, script: bool, phone: bool) -> None:
        size = PHONE if phone else WIDE
        context = browser.new_context(
            java_script_enabled=script,
            viewport={"width": size["width"], "height": size["height"]},
        )
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.address = address
        self.looks = script

    def open(self, path: str) -> None:
        self.page.goto(urljoin(self.address, path))
        self.look()

    def look(self) -> None:
        """What every page must be: one heading, no fault for axe, no wider than its window."""
        assert self.page.locator("h1").count() == 1, self.page.url
        if self.looks:
            found = Axe().run(self.page).response["violations"]
            assert [one["id"] for one in found] == [], self.page.url
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not self.page.evaluate(wide), self.page.url

    def tab_to(self, selector: str) -> None:
        """Go on with the Tab key until a thing has the focus."""
        target = self.page.locator(f"{selector}:focus")
        for _ in range(200):
            if target.count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No Tab leads to {selector} on {self.page.url}")

    def type(self, **values: str) -> None:
        for name, value in values.items():
            self.tab_to(f'main [name="{name.replace("__", "-")}"]')
            self.page.keyboard.type(value)

    def press(self, selector: str) -> None:
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def create_first_account(self, code: str) -> None:
        self.page.goto(self.address)
        self.type(code=code, name="Lee", email="lee@example.org", password=PASSWORD)
        self.press("main form button[type=submit]")


def button(words: str) -> str:
    return f'main button:has-text("{words}")'


@pytest.mark.parametrize(
    ("script", "phone"),
    [(True, True), (True, False), (False, True)],
    ids=["script, phone", "script, wide", "no script, phone"],
)
def test_a_case_from_paper_becomes_evidence_by_keyboard(
    script: bool, phone: bool, browser: Browser, tmp_path: Path
) -> None:
    follow(browser, tmp_path, script=script, phone=phone)


def test_a_case_becomes_evidence_on_both_databases(
    database: str, browser: Browser, tmp_path: Path
) -> None:
    follow(browser, tmp_path, script=False, phone=False, database=database)


def follow(
    browser: Browser, folder: Path, *, script: bool, phone: bool, database: str = ""
) -> None:
    """A case from its first stay to the evidence from it, and back."""
    with served(folder, DATABASE=database) as running:
        lee = Person(browser, running.address, script=script, phone=phone)
        lee.create_first_account(running.code)
        type_in(lee)
        answer(lee)
        make_evidence(lee)


def type_in(lee: Person) -> None:
    """Two stays; the second is typed wrong at first, and nothing typed is lost."""
    lee.open(f"{REVIEW}cases/add/")
    lee.type(
        title="home after a fall", service="ae", started_on__day="5", started_on__month="1",
        started_on__year="2018", started_time="01:00", ended_on__day="5", ended_on__month="1",
        ended_on__year="2018", ended_time="08:00",
    )  # fmt: skip
    lee.press(button("Save and add the next stay"))
    lee.type(
        service="acute", started_on__day="5", started_on__month="1", started_on__year="2018",
        started_time="07:00", ready_on__day="12", ready_on__month="1", ready_on__year="2018",
    )  # fmt: skip
    lee.press(button("Save") + ":not([value])")
    assert "still in stay 1 at that time" in lee.text()
    assert lee.page.locator("main [name=service]").input_value() == "acute"
    # What stands in a field is selected where Tab leads to it, so typing replaces it.
    lee.type(started_time="08:00")
    lee.press(button("Save") + ":not([value])")
    assert "Saved: stay 2 of C19" in lee.text()
    assert "with no known end" in lee.text()
    if lee.looks:
        shown = "one => one.complete && one.naturalWidth > 0"
        assert lee.page.locator(".app-case-picture img").evaluate(shown)


def answer(lee: Person) -> None:
    """One item, then the next by its button."""
    lee.press('main a[href$="/checklist/planning_began/"]')
    lee.type(answer__day="10", answer__month="1", answer__year="2018")
    lee.press(button("Save and go to the next"))
    assert "What estimated date" in lee.text()
    lee.press('main a:has-text("Back to the case")')
    assert "2018-01-10" in lee.text()


def make_evidence(lee: Person) -> None:
    """From the notes to evidence and back to the place."""
    lee.press('main a:has-text("Write notes")')
    lee.type(notes="Told the story to four services.")
    lee.press(button("Save"))
    lee.press("#notes ~ .app-post-button button")
    assert lee.page.locator("main [name=place]").input_value() == "case C19, notes"
    lee.tab_to("main [name=shows]")
    lee.page.keyboard.press("ArrowDown")
    lee.page.keyboard.press("Space")
    lee.press(button("Save") + ':not([value="another"])')
    assert "case C19, notes" in lee.text()
    lee.press('main a[href*="/cases/C19/"]')
    assert lee.page.url.endswith("/cases/C19/#notes")
    lee.press('main a[href*="/evidence/E2"]')
    assert "Told the story to four services." in lee.text()


def test_cases_are_drawn_from_a_file_of_stays(
    database: str, browser: Browser, tmp_path: Path
) -> None:
    stays = tmp_path / "stays.csv"
    stays.write_text(
        "person,stay,service,started_at,ready_at,ended_at\n"
        "p1,1,acute,2017-01-01T08:00,2017-01-02T08:00,2017-01-20T08:00\n"
        "p2,1,acute,2017-01-01T08:00,,2017-01-02T09:00\n",
        "utf-8",
    )
    strata = tmp_path / "strata.csv"
    strata.write_text(
        "stratum,label,rule,cases,days,source\nlong,Long delay,long_delay,1,7,test\n", "utf-8"
    )
    with served(tmp_path / "data", DATABASE=database) as running:
        lee = Person(browser, running.address, script=False, phone=False)
        lee.create_first_account(running.code)
        lee.open(f"{REVIEW}cases/draw/")
        lee.page.locator("main [name=stays]").set_input_files(stays)
        lee.page.locator("main [name=strata]").set_input_files(strata)
        lee.page.locator("main [name=seed]").fill("7")
        lee.page.get_by_role("button", name="Check and draw").click()
        for _ in range(60):
            if "Look again now" not in lee.text():
                break
            lee.page.wait_for_timeout(500)
            lee.page.reload()
        assert "1 case was added: C19 to C19." in lee.text()
        lee.page.get_by_role("button", name="Go to the cases").click()
        assert "Long delay" in lee.text()

"""One person's browser at a workspace: pages opened, forms filled in, and each page looked at."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

PASSWORD = "a long and quiet sentence"


class Person:
    """One person's browser, at one workspace; with `axe` each page opened is looked at by it."""

    def __init__(
        self, browser: Browser, address: str, *, script: bool, axe: bool = False, width: int = 1280
    ) -> None:
        self.context: BrowserContext = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 900}
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.address = address
        self.script = script
        self.axe = axe

    def open(self, path: str) -> Page:
        self.page.goto(urljoin(self.address, path))
        self.look()
        return self.page

    def look(self) -> None:
        # A page that has begun to come may not hold its heading yet.
        expect(self.page.locator("h1")).to_have_count(1)
        if self.script:
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not self.page.evaluate(wide), f"{self.page.url} is wider than its window"
        if self.axe:
            found = Axe().run(self.page).response["violations"]
            assert [one["id"] for one in found] == [], self.page.url

    def press(self, name: str | re.Pattern[str]) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def tick(self, name: str, value: str) -> None:
        self.page.locator(f"main [name={name}][value={value}]").check()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def create_first_account(self, code: str) -> None:
        self.page.goto(self.address)
        self.fill(code=code, name="Lee", email="lee@example.org", password=PASSWORD)
        self.press("Create account")

"""The site's own pages in Chromium: no serious accessibility fault, narrow and wide, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers.served import Served, served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
PASSWORD = "correct horse battery"
SIGNED_IN = [
    "/account/",
    "/account/name/",
    "/account/password/",
    "/people/",
    "/people/1/",
    "/people/invite/",
    "/status/",
    "/link/",
    "/nothing/",
]
PUBLIC = ["/sign-in/", "/accessibility/", "/sign-in/provider/refused/", "/invitation/none/"]


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


@pytest.fixture(scope="module")
def workspace(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Any]]:
    """A running workspace, and the state of a browser in which its administrator is signed in."""
    with served(tmp_path_factory.mktemp("data"), "--no-example") as running:
        page = browser.new_page()
        page.goto(running.address)
        check_page(page)
        page.get_by_role("button", name="Create account").click()
        check_page(page)
        assert page.title().startswith("Error: ")
        # The summary is announced: the NHS script moves the focus to it.
        assert page.evaluate("document.activeElement.dataset.module") == "nhsuk-error-summary"
        page.get_by_role("link", name="Enter the code.").click()
        assert page.evaluate("document.activeElement.id") == "id_code"
        fill_first_account(page, running.code)
        page.goto(f"{running.address}/account/")
        yield running, page.context.storage_state()
        page.close()


def fill_first_account(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_label("Your name").fill("Ann Other")
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def check_page(page: Page) -> None:
    """No serious fault, at both widths; nothing wider than the window; one main heading."""
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page).response["violations"]
        faults = [(one["id"], one["nodes"][0]["html"]) for one in found]
        assert faults == [], (page.url, width)
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), (page.url, width)
    assert page.locator("h1").count() == 1
    assert page.title().endswith(" - Wholesystem")


def open_page(browser: Browser, state: Any = None, **options: Any) -> tuple[Page, list[str]]:
    """A page, and what its console complains of."""
    page = browser.new_context(storage_state=state, **options).new_page()
    told: list[str] = []
    page.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    return page, told


@pytest.mark.parametrize("path", [*PUBLIC, *SIGNED_IN])
def test_a_page_has_no_fault(path: str, browser: Browser, workspace: tuple[Served, Any]) -> None:
    running, state = workspace
    page, told = open_page(browser, state if path in SIGNED_IN else None)
    page.goto(running.address + path)
    check_page(page)

    # The policy refuses nothing, and the scripts run; a page that is refused is told as such.
    assert [one for one in told if "Failed to load resource" not in one] == []
    assert page.evaluate("document.body.classList.contains('nhsuk-frontend-supported')")
    page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_person_is_invited_and_signs_in(
    script: bool, browser: Browser, workspace: tuple[Served, Any]
) -> None:
    running, state = workspace
    email = f"bo{script}@example.org".lower()
    page, _ = open_page(browser, state, java_script_enabled=script)
    page.goto(f"{running.address}/people/")
    page.get_by_role("button", name="Invite a person").or_(
        page.get_by_role("link", name="Invite a person")
    ).click()
    page.get_by_label("Name").fill("Bo")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("code").inner_text()
    page.context.close()

    page, _ = open_page(browser, java_script_enabled=script)
    page.goto(link)
    page.get_by_label("Password", exact=True).fill("another horse battery")
    page.get_by_role("button", name="Create account").click()
    page.goto(f"{running.address}/account/")
    assert email in page.content()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill("another horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{running.address}/account/")
    assert "Member of reviews" in page.content()
    page.context.close()


def test_the_keyboard_reaches_the_content_first(
    browser: Browser, workspace: tuple[Served, Any]
) -> None:
    running, state = workspace
    page, _ = open_page(browser, state)
    page.goto(f"{running.address}/account/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#maincontent"
    page.context.close()


def test_on_paper_there_is_no_navigation(browser: Browser, workspace: tuple[Served, Any]) -> None:
    running, state = workspace
    page, _ = open_page(browser, state)
    page.goto(f"{running.address}/people/1/")
    page.emulate_media(media="print")

    assert not page.locator(".nhsuk-header__navigation").is_visible()
    assert not page.get_by_role("button", name="Close account").is_visible()
    assert page.locator("h1").is_visible()
    page.context.close()

"""Evidence added from a keyboard in Chromium, with scripts and without; its pages looked through.

Seconds are counted by the keystroke-level model (Card, Moran and Newell, 1980): 0.28 s a key of an
average typist and 1.35 s to make up one's mind, beside what the pages really take.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.helpers.served import environ_of, served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
KEY_SECONDS, MIND_SECONDS = 0.28, 1.35
MOST_SECONDS = 30.0
PASSAGE = "People wait for a package of care at home."

MADE = """
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.helpers.workspace import *
from wholesystem.web.workspace.actions.documents import hand_in
review = make_review(review="anyshire")
lead = lead_of(review)
source_actions.save_organisation(review=review, by=lead, values={"name": "Council"})
make_finding(review)
text = "Strategy\\n\\nToo many people wait\\nfor care at home.\\nThe board meets."
document = hand_in(review=review, by=lead, name="strategy.txt", content=text.encode()).document
source = make_source(review, kind="document", title="Strategy", document=document.code)
evidence = make_evidence(review, source, organisations=("council",))
make_source(review, title="A ward manager")
evidence_actions.withdraw_evidence(
    review=review, by=lead, code=make_evidence(review, source).code, why="Heard wrong.")
session = SessionStore()
session[SESSION_KEY] = str(lead.user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = lead.user.get_session_auth_hash()
session.save()
print(session.session_key, document.code)
"""


@dataclass
class Place:
    """A running workspace with a review in it, and somebody signed in."""

    browser: Browser
    address: str
    cookie: str
    document: str

    def open(self, rest: str = "", *, scripts: bool = True, width: int = 1280) -> Page:
        """A page of the review."""
        context = self.browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        told = {"name": "wholesystem_session", "value": self.cookie, "url": self.address}
        context.add_cookies([told])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{self.address}/reviews/anyshire/{rest}")
        return page


def make_data(folder: Path) -> str:
    """Fill a data folder; a process of its own, since this one may hold another database."""
    environ = {**environ_of(folder), "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MADE],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(
    require: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    folder = tmp_path_factory.mktemp("data")
    cookie, document = make_data(folder).split()
    with served(folder, "--no-example", is_new=False) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield Place(browser, running.address, cookie, document)
        browser.close()


@pytest.fixture(autouse=True)
def closed_pages(place: Place) -> Iterator[None]:
    """Close what a test opened: the server holds a hundred connections at most."""
    yield
    for context in place.browser.contexts:
        context.close()


class Typist:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)


def test_a_piece_of_evidence_takes_few_keys_and_less_than_half_a_minute(place: Place) -> None:
    page = place.open("evidence/add/")
    page.wait_for_load_state("networkidle")
    typist, start = Typist(page), time.perf_counter()

    typist.type(PASSAGE)
    typist.press("Tab", "Tab", "ArrowDown", "Tab")  # past the form, to a concern, to the codes
    typist.type("cr res")
    typist.press("Enter")
    page.wait_for_url("**/evidence/add/?after=*")
    waited = time.perf_counter() - start

    text = page.locator("#id_text")
    assert "Saved: E" in page.inner_text("main")
    assert page.evaluate("document.activeElement.id") == "id_text"
    assert text.input_value() == ""
    assert typist.keys - len(PASSAGE) <= 12
    # What to write, what it shows, which question.
    assert typist.keys * KEY_SECONDS + 3 * MIND_SECONDS + waited < MOST_SECONDS
    page.get_by_role("link", name="E0").first.click()
    assert "Crisis: responsive" in page.inner_text("main")
    assert "Concern" in page.inner_text("main")


def test_the_same_keys_do_without_scripts(place: Place) -> None:
    page = place.open("evidence/add/", scripts=False)
    typist = Typist(page)

    typist.type(PASSAGE)
    typist.press("Tab", "Tab", "ArrowDown", "Tab")
    typist.type("cr res")
    typist.press("Enter")

    page.wait_for_url("**/evidence/add/?after=*")


def test_suggestions_are_chosen_by_arrow_keys(place: Place) -> None:
    page = place.open("evidence/add/")
    box = page.get_by_role("combobox", name="Questions it speaks to")

    box.press_sequentially("cr")
    options = page.locator(".app-combobox__option")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert options.all_inner_texts() == ["Crisis: safe", "Crisis: responsive"]
    faults = [one["id"] for one in Axe().run(page).response["violations"]]
    assert faults == []

    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    box.press("Enter")

    assert box.input_value() == "crisis_responsive, "
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("sd s")
    options.first.wait_for()
    box.press("Escape")
    assert options.count() == 0
    assert box.input_value() == "crisis_responsive, sd s"


def test_an_unclear_code_is_settled_from_the_keyboard(place: Place) -> None:
    page = place.open("evidence/add/", scripts=False)
    typist = Typist(page)

    typist.type(PASSAGE)
    typist.press("Tab", "Tab", "ArrowDown", "Tab")
    typist.type("cr")
    typist.press("Enter")
    page.get_by_role("link", name="may mean 2 questions").press("Enter")
    typist.press("Tab", "Space")
    assert page.get_by_role("checkbox", name="Crisis: safe").first.is_checked()
    typist.press("Shift+Tab", "Enter")

    page.wait_for_url("**/evidence/add/?after=*")


def test_what_is_selected_in_a_document_is_quoted(place: Place) -> None:
    page = place.open(f"documents/{place.document}/")
    page.evaluate(
        """() => {
          const range = document.createRange();
          range.setStart(document.getElementById("L3").firstChild, 4);
          range.setEnd(document.getElementById("L4").firstChild, 8);
          const selection = window.getSelection();
          selection.removeAllRanges();
          selection.addRange(range);
          document.dispatchEvent(new MouseEvent("mouseup"));
        }"""
    )

    assert page.locator("#id_lines").input_value() == "3"
    page.get_by_role("button", name="Quote it").click()

    assert page.locator("#id_text").input_value() == "many people wait for care"
    assert page.get_by_label("Quote, word for word").is_checked()


PAGES = [
    "organisations/",
    "organisations/add/",
    "organisations/council/",
    "organisations/council/change/",
    "sources/",
    "sources/add/",
    "sources/S001/",
    "sources/S001/change/",
    "sources/S001/withdraw/",
    "documents/",
    "documents/add/",
    "documents/{document}/",
    "evidence/",
    "evidence/?shows=concern",
    "evidence/add/",
    "evidence/add/?document={document}&start=0&end=8",
    "evidence/E001/",
    "evidence/E002/",
    "evidence/E001/change/",
    "evidence/E001/withdraw/",
    "figures/find/?q=delayed",
    "questions/find/?q=cr",
]


@pytest.mark.parametrize("rest", PAGES)
def test_a_page_has_no_fault_of_accessibility_and_fits_a_phone(place: Place, rest: str) -> None:
    page = place.open(rest.format(document=place.document))

    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], width
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), width
    assert page.locator("h1").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))  # axe passes over an id that stands twice


def test_a_refused_form_leads_to_the_fields(place: Place) -> None:
    page = place.open("evidence/add/")
    page.get_by_role("button", name="Save", exact=True).click()

    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Enter what was said, written or seen.").click()
    assert page.evaluate("document.activeElement.id") == "id_text"
    assert Axe().run(page).response["violations"] == []

"""An information request in Chromium, from its first question to the evidence it becomes.

At the size of a phone and of a desk, with scripts and without, on SQLite and PostgreSQL; and once
with the keyboard alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.person import PASSWORD, Person
from tests.helpers.served import served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
REVIEW = "/reviews/anyshire_2026/"
NARROW, WIDE = 390, 1280


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


def prepare(lead: Person, code: str) -> None:
    """A review with one organisation."""
    lead.create_first_account(code)
    lead.open("/reviews/new/")
    lead.fill(title="Anyshire, 2026", area="Oxfordshire", review="anyshire_2026")
    lead.tick("framework", "local_system_review_2017")
    lead.press("Open the review")
    lead.open(f"{REVIEW}organisations/add/")
    lead.fill(name="Anyshire Hospital Trust")
    lead.press("Save")


def invite(lead: Person, browser: Browser, width: int, name: str = "Con") -> Person:
    """Somebody of the trust who answers, with a browser of their own."""
    lead.open(f"{REVIEW}people/invite/")
    lead.fill(name=name, email=f"{name.lower()}@example.org")
    lead.tick("role", "system_contributor")
    lead.page.locator("main [name=organisation]").select_option(label="Anyshire Hospital Trust")
    lead.press("Invite")
    link = lead.page.locator("code").inner_text()
    person = Person(browser, lead.address, script=lead.script, axe=lead.axe, width=width)
    person.page.goto(link)
    person.fill(password=PASSWORD)
    person.press("Create account")
    person.open(REVIEW)
    return person


def ask(lead: Person) -> None:
    lead.open(f"{REVIEW}requests/")
    lead.press("Start requests")
    lead.page.get_by_label("Anyshire Hospital Trust").check()
    lead.tick("questions", "system_overview")
    lead.fill(title="Overview of the system")
    lead.press("Make the requests")
    assert "Not sent yet" in lead.text()
    lead.press("Send it")
    lead.fill(working_days="10")
    lead.press("Send it")
    assert "Sent" in lead.text()


def draft(con: Person, file: Path) -> None:
    con.open(REVIEW)
    con.press("Requests that you are to answer")
    con.page.get_by_role("link", name="R01: Overview of the system").click()
    con.page.get_by_role("link", name="What do the organisations of the system want").click()
    con.fill(text="To go home as soon as they can.")
    con.page.locator("main [name=file]").set_input_files(file)
    con.press("Save and go to the next")
    assert "It is not sent yet" in con.text()
    con.fill(cannot="Nobody here holds it.")
    con.press("Save")
    assert "Draft" in con.text()


def send(con: Person, button: str) -> None:
    con.open(f"{REVIEW}your-requests/R01/")
    con.press(button)
    con.press("Send")
    assert "Sent to the review team" in con.text()


def send_back(lead: Person) -> None:
    lead.open(f"{REVIEW}requests/R01/")
    assert "To go home as soon as they can." in lead.text()
    lead.press("Send back with what is missing")
    lead.page.locator("main [name=missing-Q001]").fill("Until when does the strategy run?")
    lead.press("Send back")
    assert "Sent back with what is missing: Q001" in lead.text()


def complete(con: Person) -> None:
    con.open(f"{REVIEW}your-requests/R01/")
    assert "Until when does the strategy run?" in con.text()
    con.open(f"{REVIEW}your-answers/Q001/")
    con.fill(text="To go home as soon as they can. It runs until 2028.")
    con.press("Save")
    send(con, "Send 1 answer")


def take_as_evidence(lead: Person) -> None:
    lead.open(f"{REVIEW}request-questions/Q001/")
    lead.press("Accept it as a source")
    assert "Evidence can be recorded from it: S001" in lead.text()
    lead.press("Record evidence from it")
    lead.fill(text="The trust has a strategy that runs until 2028.")
    lead.tick("shows", "strength")
    lead.press("Save")
    # There and back: answer, source, evidence.
    lead.open(f"{REVIEW}evidence/E001/")
    lead.page.get_by_role("link", name="Answer to:").first.click()
    lead.press("The answer to Q001")
    assert "The trust has a strategy that runs until 2028." in lead.text()


# Each width and each way of reading once; two databases are tried with both.
SIZES = [(WIDE, True), (NARROW, False)]


@pytest.mark.parametrize(("width", "script"), SIZES)
def test_a_request_from_its_first_question_to_evidence(
    width: int, script: bool, database: str, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "strategy.txt"
    file.write_text("We want people to go home.", encoding="utf-8")
    with served(tmp_path / "data", "--no-example", DATABASE=database) as running:
        # axe is a script, and the pages are the same on either database.
        axe = script and not database
        lead = Person(browser, running.address, script=script, axe=axe, width=width)
        prepare(lead, running.code)
        con = invite(lead, browser, width)
        ask(lead)
        draft(con, file)
        send(con, "Send 2 answers")
        send_back(lead)
        complete(con)
        take_as_evidence(lead)
        lead.open(f"{REVIEW}request-summary/")
        assert "1 of 19" in lead.text() or "2 of 19" in lead.text()
        lead.open(f"{REVIEW}history/")
        assert "accepted the answer to question Q001" in lead.text()


def test_answering_with_the_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "data", "--no-example") as running:
        lead = Person(browser, running.address, script=True)
        prepare(lead, running.code)
        con = invite(lead, browser, NARROW)
        ask(lead)
        con.open(f"{REVIEW}your-requests/R01/")
        walk_to(con, "What do the organisations of the system want")
        press_enter(con)
        walk_to(con, "", "textarea")
        con.page.keyboard.type("To go home.")
        walk_to(con, "Save")
        press_enter(con)
        walk_to(con, "Send 1 answer")
        press_enter(con)
        walk_to(con, "Send")
        press_enter(con)
        assert "Sent to the review team: 1 answer" in con.text()


def press_enter(person: Person) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def walk_to(person: Person, words: str, kind: str = "a, button") -> None:
    """Press Tab until the element with these words has the focus."""
    for _ in range(80):
        person.page.keyboard.press("Tab")
        found = person.page.evaluate(
            "() => [document.activeElement.tagName.toLowerCase(), document.activeElement.innerText]"
        )
        if found[0] in kind.split(", ") and found[1].strip().startswith(words):
            return
    raise AssertionError(f"{words or kind} cannot be reached with the keyboard")


def test_two_of_one_organisation_answer_at_once(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path / "data", "--no-example") as running:
        lead = Person(browser, running.address, script=True)
        prepare(lead, running.code)
        one, other = (invite(lead, browser, WIDE, name) for name in ("Con", "Dot"))
        ask(lead)
        one.open(f"{REVIEW}your-answers/Q001/")
        other.open(f"{REVIEW}your-answers/Q001/")
        one.fill(text="Con's words.")
        one.press("Save")
        other.fill(text="Dot's words.")
        other.press("Save")

        assert "Con's words." in other.text()
        assert other.page.locator("main [name=text]").input_value() == "Dot's words."
        other.fill(text="Con's words. Dot's words.")
        other.press("Save")
        assert "It is not sent yet" in other.text()
        one.open(f"{REVIEW}your-answers/Q001/")
        assert one.page.locator("main [name=text]").input_value() == "Con's words. Dot's words."

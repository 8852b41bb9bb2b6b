"""The whole story of a review in Chromium: opened, invited to, evidenced, weighed, confirmed, taken
out and brought in elsewhere. On SQLite and PostgreSQL, with scripts and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.person import PASSWORD, Person
from tests.helpers.served import served

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-background-networking --no-first-run"
REVIEW = "/reviews/anyshire_2026/"


@pytest.fixture(scope="module")
def browser(require: Callable[[object, str], None]) -> Iterator[Browser]:
    require(CHROMIUM.exists(), f"{CHROMIUM} is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield found
        found.close()


def open_review(lead: Person) -> None:
    lead.open("/reviews/new/")
    lead.fill(title="Anyshire, 2026", area="Oxfordshire", review="anyshire_2026")
    lead.page.locator("main [name=framework]").first.check()
    lead.tick("framework", "local_system_review_2017")
    lead.press("Open the review")
    assert lead.page.url.endswith(REVIEW)


def invite(lead: Person, browser: Browser) -> Person:
    lead.open(f"{REVIEW}people/invite/")
    lead.fill(name="Ray", email="ray@example.org")
    lead.tick("role", "reviewer")
    lead.press("Invite")
    link = lead.page.locator("code").inner_text()
    reviewer = Person(browser, lead.address, script=lead.script, axe=lead.axe)
    reviewer.page.goto(link)
    reviewer.fill(password=PASSWORD)
    reviewer.press("Create account")
    reviewer.open(REVIEW)
    return reviewer


def add_source(person: Person, kind: str, title: str) -> None:
    person.open(f"{REVIEW}sources/add/")
    person.tick("kind", kind)
    person.fill(title=title, who="ward manager")
    person.press("Save")


def add_evidence(person: Person, text: str, shows: str, source: str) -> None:
    person.open(f"{REVIEW}evidence/add/")
    person.page.locator("main [name=source]").select_option(label=source)
    person.fill(text=text, codes="cr res")
    person.tick("form", "paraphrase")
    person.tick("shows", shows)
    person.press("Save")


def source_label(person: Person, title: str) -> str:
    """The source as the list of the form of evidence calls it."""
    page = person.open(f"{REVIEW}evidence/add/")
    labels = page.locator("main [name=source] option").all_inner_texts()
    return next(label for label in labels if title in label)


def record(person: Person) -> None:
    for kind, title in (("interview", "Ward four"), ("visit", "The department at night")):
        add_source(person, kind, title)
    add_evidence(
        person,
        "Ambulances hand over within minutes.",
        "strength",
        source_label(person, "The department at night"),
    )
    add_evidence(
        person, "Crews queue for an hour on Mondays.", "concern", source_label(person, "Ward four")
    )


def weigh(lead: Person) -> None:
    lead.open(f"{REVIEW}contradictions/")
    assert "Crews queue for an hour on Mondays." in lead.text()
    assert "Ambulances hand over within minutes." in lead.text()
    lead.open(f"{REVIEW}findings/add/")
    lead.page.locator("main [name=kloe]").select_option("crisis_responsive")
    lead.fill(statement="Handover is slow on some days.")
    lead.press("Save and link evidence")
    finding = f"{REVIEW}findings/F01/"
    for evidence, side in (("E002", "for"), ("E001", "against")):
        lead.open(f"{finding}link/")
        lead.tick("evidence", evidence)
        lead.tick("side", side)
        lead.press("Link what is ticked")
    lead.open(f"{finding}confirm/")
    assert "Say how it was weighed" in lead.text()
    lead.open(f"{finding}change/")
    lead.fill(contrary_considered="The visit was on a quiet Tuesday.")
    lead.press("Save")
    lead.open(f"{finding}confirm/")
    if lead.page.locator("main [name=read]").count():
        lead.page.locator("main [name=read]").check()
    lead.press("Confirm the finding")
    assert "is confirmed in your name" in lead.text()


def take_out(lead: Person, folder: Path) -> Path:
    lead.open(f"{REVIEW}export/")
    lead.press("Make a bundle")
    return download(lead, folder)


def wait_for_job(lead: Person) -> None:
    for _ in range(60):
        if "Look again now" not in lead.text():
            return
        lead.page.wait_for_timeout(500)
        lead.page.reload()
    raise AssertionError(lead.text())


def download(lead: Person, folder: Path) -> Path:
    wait_for_job(lead)
    with lead.page.expect_download() as started:
        lead.page.get_by_role("button", name="Download").or_(
            lead.page.get_by_role("link", name="Download")
        ).first.click()
    target = folder / "review.zip"
    started.value.save_as(target)
    return target


def bring_in(lead: Person, bundle: Path) -> None:
    lead.open("/reviews/import/")
    lead.page.locator("main [name=file]").set_input_files(bundle)
    lead.press("Upload and check")
    wait_for_job(lead)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_story_of_a_review(
    script: bool, database: str, browser: Browser, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    with served(here, "--no-example", DATABASE=database) as running:
        # axe is a script, and the pages are the same on either database.
        lead = Person(browser, running.address, script=script, axe=script and not database)
        lead.create_first_account(running.code)
        open_review(lead)
        reviewer = invite(lead, browser)
        record(reviewer)
        refuse_the_reviewer(reviewer)
        weigh(lead)
        lead.open(f"{REVIEW}grid/")
        lead.open(f"{REVIEW}history/")
        assert "Ray" in lead.text()
        lead.open(f"{REVIEW}search/?q=ambulance")
        assert "Ambulances hand over within minutes" in lead.text()
        first = take_out(lead, tmp_path).read_bytes()
    # Elsewhere: another workspace, on SQLite.
    bundle = tmp_path / "first.zip"
    bundle.write_bytes(first)
    with served(there, "--no-example") as running:
        other = Person(browser, running.address, script=script)
        other.create_first_account(running.code)
        bring_in(other, bundle)
        other.open(f"{REVIEW}findings/")
        assert "Handover is slow on some days." in other.text()
        assert take_out(other, tmp_path).read_bytes() == first


def refuse_the_reviewer(reviewer: Person) -> None:
    """A reviewer's page of a finding has no way to confirm it, nor has its address."""
    answer = reviewer.page.goto(urljoin(reviewer.address, f"{REVIEW}findings/F01/confirm/"))
    assert answer is not None
    assert answer.status == 403


def test_two_people_change_one_piece_of_evidence(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path, "--no-example") as running:
        lead = Person(browser, running.address, script=True)
        lead.create_first_account(running.code)
        open_review(lead)
        reviewer = invite(lead, browser)
        record(reviewer)
        change = f"{REVIEW}evidence/E001/change/"
        lead.open(change)
        reviewer.open(change)
        reviewer.fill(text="Theirs: ambulances hand over within ten minutes.")
        reviewer.press("Save")
        lead.fill(text="Mine: ambulances hand over within twelve minutes.")
        lead.press("Save")

        assert "Theirs: ambulances" in lead.text()
        assert "Mine: ambulances" in lead.page.locator("main [name=text]").input_value()
        lead.press("Save")
        assert "Mine: ambulances" in lead.text()
        lead.open(f"{REVIEW}history/evidence/E001/")
        assert "Theirs:" in lead.text()

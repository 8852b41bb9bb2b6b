"""Documents: handed in, told apart by content, read, quoted, downloaded and never run."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from tests.helpers.browsing import client_of, form_of, text_of
from tests.helpers.crawl import FormReader
from tests.helpers.documents import pdf
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_member,
    make_review,
    make_source,
)
from wholesystem.reviews.history import verify_chain
from wholesystem.web.workspace import kept_files, models
from wholesystem.web.workspace.actions import documents as actions
from wholesystem.web.workspace.actions.documents import hand_in
from wholesystem.web.workspace.actions.evidence import save_evidence
from wholesystem.web.workspace.kept_files import document_file
from wholesystem.web.workspace.rows import load_events, load_review

pytestmark = pytest.mark.django_db

TEXT = (
    "Strategy for older people\n\nToo many people wait in hospital\nfor care at home.\n\n"
    "The board meets each month.\nThe board meets each month.\n<script>alert('x')</script>\n"
)


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def upload(client: Client, review: models.Review, name: str, data: bytes, **values: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(page_of(review, "documents/add/"), {"file": file, **values}, follow=True)


def make_document(
    review: models.Review, text: str = TEXT, by: models.Member | None = None
) -> models.Document:
    by = by or lead_of(review)
    return hand_in(review=review, by=by, name="strategy.txt", content=text.encode()).document


def make_quotable(review: models.Review, text: str = TEXT) -> models.Document:
    document = make_document(review, text)
    make_source(review, kind="document", title="Strategy", document=document.code)
    return document


# --------------------------------------------------------------------------- handing in


def test_a_document_is_handed_in_kept_read_and_told(review: models.Review, client: Client) -> None:
    data = pdf("Waiting at home was long.")

    answer = upload(client, review, "minutes.pdf", data, adds_source="on")

    document = models.Document.objects.get()
    kept = document_file(document.code)
    assert answer.redirect_chain[-1][0] == page_of(review, f"documents/{document.code}/")
    assert document.code == hashlib.sha256(data).hexdigest()
    assert kept.read_bytes() == data
    assert kept.stat().st_mode & 0o077 == 0
    assert "Waiting at home was long." in document.text
    assert (document.media_type, document.size_bytes) == ("application/pdf", len(data))
    assert models.Source.objects.get().document == document
    told = load_events(review)
    assert [(one.action, one.table) for one in told][-2:] == [
        ("added", "documents"), ("added", "sources"),
    ]  # fmt: skip
    assert not list(verify_chain(told))
    assert load_review(review).documents[0].document == document.code


def test_the_same_content_is_the_same_document(review: models.Review, client: Client) -> None:
    upload(client, review, "one.txt", TEXT.encode())

    answer = upload(client, review, "two.txt", TEXT.encode())

    assert models.Document.objects.count() == 1
    assert "The review has this document already: one.txt, handed in by you." in text_of(answer)


def test_a_document_that_two_hand_in_at_once_is_added_once(review: models.Review) -> None:
    first = make_document(review)
    seen = [None, first]

    with mock.patch.object(actions, "_find", side_effect=lambda *_: seen.pop(0)):
        handed = hand_in(review=review, by=lead_of(review), name="b.txt", content=TEXT.encode())

    assert handed == (first, False)
    assert models.Document.objects.count() == 1


def test_a_lost_file_is_put_back_by_handing_it_in_again(
    review: models.Review, client: Client
) -> None:
    document = make_document(review)
    shutil.rmtree(settings.MEDIA_ROOT)
    address = page_of(review, f"documents/{document.code}/")
    assert "The file itself is not here" in text_of(client.get(address))
    assert client.get(f"{address}file/").status_code == 404

    upload(client, review, "strategy.txt", TEXT.encode())

    assert document_file(document.code).is_file()


def test_no_record_is_written_where_the_file_cannot_be_kept(
    review: models.Review, client: Client
) -> None:
    with mock.patch.object(kept_files.os, "replace", side_effect=OSError("disk full")):
        with pytest.raises(OSError, match="disk full"):
            upload(client, review, "strategy.txt", TEXT.encode())

    assert not models.Document.objects.exists()
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"", "The file is empty."),
        ("a.exe", b"MZ\x90\x00" + bytes(200), ""),
        ("a.pdf", b"plain text", "By its content it is plain text"),
        ("a.html", b"<html><script>alert(1)</script>", "By its content it is plain text"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "By its content"),
        ("a.docx", b"PK\x03\x04 broken", ""),
    ],
)
def test_a_file_of_another_kind_is_refused(
    name: str, data: bytes, told: str, review: models.Review, client: Client
) -> None:
    answer = upload(client, review, name, data)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert "<title>Error: " in text_of(answer)
    assert not models.Document.objects.exists()


def test_a_file_is_asked_for(review: models.Review, client: Client) -> None:
    answer = client.post(page_of(review, "documents/add/"), {})

    assert "Choose a file." in text_of(answer)


def test_a_large_file_is_never_held_in_memory(review: models.Review, client: Client) -> None:
    data = ("A line of a long paper.\n" * 140_000).encode()
    assert len(data) > 3_000_000

    with mock.patch.object(TemporaryUploadedFile, "read", side_effect=AssertionError("read whole")):
        upload(client, review, "long.txt", data)

    assert models.Document.objects.get().size_bytes == len(data)


def test_a_file_above_the_setting_is_refused(
    review: models.Review, client: Client, settings: Any
) -> None:
    settings.LARGEST_REQUEST_BYTES = 1000

    answer = upload(client, review, "long.txt", b"a" * 2000)

    assert answer.status_code == 413
    assert not models.Document.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "a\x00b.txt", "\u202etxt.exe.txt", "con.txt"]
)
def test_a_name_from_outside_reaches_no_path(
    name: str, review: models.Review, client: Client
) -> None:
    upload(client, review, name, TEXT.encode())

    document = models.Document.objects.get()
    files = [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]
    assert files == [document_file(document.code)]
    assert "/" not in document.name


# --------------------------------------------------------------------------- who sees what


def download(client: Client, review: models.Review, document: models.Document) -> Any:
    answer = client.get(page_of(review, f"documents/{document.code}/file/"))
    answer.told = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer


def test_system_contributors_see_what_they_handed_in_and_no_more(review: models.Review) -> None:
    mine, other = (make_member(review, "system_contributor") for _ in range(2))
    client = client_of(mine)
    make_document(review, "Of the lead.")
    theirs = make_document(review, "Of the other.", other)
    upload(client, review, "own.txt", b"Our own account.")
    own = models.Document.objects.get(recorded_by=mine)

    page = text_of(client.get(page_of(review, "documents/")))

    assert "Your documents" in page
    assert page_of(review, f"documents/{own.code}/") in page
    assert theirs.code not in page
    assert client.get(page_of(review, f"documents/{own.code}/")).status_code == 200
    assert download(client, review, own).status_code == 200
    assert client.get(page_of(review, f"documents/{theirs.code}/")).status_code == 404
    assert client.get(page_of(review, f"documents/{theirs.code}/file/")).status_code == 404


def test_a_contributor_who_hands_in_what_is_there_is_told_without_whose_it_is(
    review: models.Review,
) -> None:
    make_document(review)
    client = client_of(make_member(review, "system_contributor"))

    answer = upload(client, review, "same.txt", TEXT.encode())

    assert "The review has this document already. Nothing more is needed." in text_of(answer)
    assert lead_of(review).name not in text_of(answer)


def test_a_contributor_sees_no_evidence_on_the_page_of_a_document(review: models.Review) -> None:
    member = make_member(review, "system_contributor")
    document = make_document(review, by=member)
    source = make_source(review, kind="document", title="Of them", document=document.code)
    quote(review, document, source, "Too many people")

    page = text_of(client_of(member).get(page_of(review, f"documents/{document.code}/")))

    assert "Too many people wait" in page
    assert "<mark>" not in page
    assert "E001" not in page
    assert "Of them" not in page


def test_a_document_of_another_review_is_not_found(review: models.Review, client: Client) -> None:
    document = make_document(make_review())

    for rest in ("", "file/"):
        address = page_of(review, f"documents/{document.code}/{rest}")
        assert client.get(address).status_code == 404


def test_a_download_is_never_shown_by_the_browser(review: models.Review, client: Client) -> None:
    document = make_document(review)

    answer = download(client, review, document)

    assert answer.told == TEXT.encode()
    assert answer["Content-Disposition"] == 'attachment; filename="strategy.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"


# --------------------------------------------------------------------------- text and quoting


def quote(
    review: models.Review, document: models.Document, source: models.Source, words: str
) -> models.Evidence:
    start = document.text.index(words)
    return save_evidence(
        review=review,
        by=lead_of(review),
        values={"source": source.code, "form": "quote", "text": words, "shows": "concern"},
        anchor={"document": document.code, "start": start, "end": start + len(words),
                "quoted": words},
    )  # fmt: skip


def ask(client: Client, review: models.Review, document: models.Document, **values: str) -> Any:
    address = page_of(review, f"documents/{document.code}/")
    form = form_of(client, address, "quoted")
    return client.post(form.action, {**form.defaults(), **values})


def test_the_text_is_shown_by_numbered_lines_and_escaped(
    review: models.Review, client: Client, django_assert_max_num_queries: Any
) -> None:
    document = make_quotable(review)

    with django_assert_max_num_queries(20):
        page = text_of(client.get(page_of(review, f"documents/{document.code}/")))

    assert 'id="L3" data-line="3">Too many people wait in hospital' in page
    assert "<script>alert" not in page


def test_pasted_words_lead_to_a_form_with_the_passage(
    review: models.Review, client: Client
) -> None:
    document = make_quotable(review)

    answer = ask(client, review, document, quoted="people wait in hospital for care at home")
    form = form_of(client, answer.url, "text")
    client.post(form.action, {**form.defaults(), "shows": "concern", "then": "show"})

    evidence = models.Evidence.objects.get()
    assert evidence.form == "quote"
    assert evidence.text == "people wait in hospital for care at home"
    assert evidence.source.document == document
    assert evidence.anchor.quoted == "people wait in hospital\nfor care at home"
    assert document.text[evidence.anchor.start : evidence.anchor.end] == evidence.anchor.quoted
    assert load_review(review).anchors


def test_line_numbers_alone_quote_those_lines(review: models.Review, client: Client) -> None:
    document = make_quotable(review)

    answer = ask(client, review, document, lines="3-4")

    form = form_of(client, answer.url, "text")
    assert form.fields["text"].chosen == ["Too many people wait in hospital for care at home."]


def test_words_that_stand_twice_are_offered_by_their_lines(
    review: models.Review, client: Client
) -> None:
    document = make_quotable(review)

    page = text_of(ask(client, review, document, quoted="The board meets"))
    links = [one for one in FormReader(page, "/").links if "evidence/add" in one]
    answer = ask(client, review, document, quoted="The board meets", lines="7")

    assert "The words stand in 2 places. Which is meant?" in page
    assert len(links) == 2
    assert f"start={document.text.rindex('The board')}" in answer.url


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"quoted": "not there at all"}, "does not stand in the document"),
        ({"quoted": " "}, "Enter the words to quote, or the numbers of their lines."),
        ({"lines": "0"}, "Choose some with text."),
        ({"lines": "9999999"}, "Choose some with text."),
        ({"lines": "4-3"}, "Choose some with text."),
        ({"lines": "2"}, "Choose some with text."),
        ({"lines": "three"}, "Enter a line number"),
        ({"quoted": "x" * 20_001}, "Quote less"),
    ],
)
def test_what_cannot_be_quoted_is_told_and_kept(
    values: dict[str, str], told: str, review: models.Review, client: Client
) -> None:
    document = make_quotable(review)

    answer = ask(client, review, document, **values)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert next(iter(values.values())).strip()[:100] in text_of(answer)


def test_quoted_passages_are_marked_with_a_link_to_the_evidence(
    review: models.Review, client: Client
) -> None:
    document = make_quotable(review)
    source = models.Source.objects.get()
    quote(review, document, source, "people wait in hospital\nfor care")
    quote(review, document, source, "wait in hospital")

    page = text_of(client.get(page_of(review, f"documents/{document.code}/")))
    evidence = text_of(client.get(page_of(review, "evidence/E001/")))

    assert "<mark>people </mark><mark>wait in hospital</mark>" in page
    assert "<mark>for care</mark>" in page
    assert f'href="{page_of(review, "evidence/E001/")}">E001</a>' in page
    assert "<mark>people wait in hospital\nfor care</mark>" in evidence
    assert f"{page_of(review, f'documents/{document.code}/')}?part=1#L3" in evidence


def test_a_long_text_is_shown_in_parts(review: models.Review, client: Client) -> None:
    document = make_quotable(review, "\n".join(f"Line number {n}" for n in range(1, 1001)))
    address = page_of(review, f"documents/{document.code}/")

    first, last = (text_of(client.get(f"{address}?part={one}")) for one in ("x", "99"))

    assert "Line number 400<" in first
    assert "Line number 401<" not in first
    assert "Line number 1000<" in last
    assert "Part 3 of 3" in last


def test_a_passage_in_the_address_that_is_none_is_passed_over(
    review: models.Review, client: Client
) -> None:
    document = make_quotable(review)
    make_evidence(review)

    for asked in ("start=5&end=2", "start=a&end=b", "start=0&end=999999", "start=-1&end=2", ""):
        address = page_of(review, f"evidence/add/?document={document.code}&{asked}")
        assert form_of(client, address, "text").fields["text"].chosen == [""]

"""Every address of the workspace: asked by every role, by strangers, and with hostile input.

The addresses are read from the program itself, so a new page is asked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.cases import make_case
from tests.helpers.crawl import FormReader, FoundForm
from tests.helpers.feedback_tools import closed_tool_with_theme, open_tool_with_links
from tests.helpers.requests import answer, make_request, send
from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
    make_user,
)
from wholesystem.reviews.feedback import comment_id
from wholesystem.reviews.words import ROLES
from wholesystem.web.workspace import models, urls
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import reviews as review_actions
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.permissions import PERMISSIONS, roles_with

pytestmark = pytest.mark.django_db

DIGEST = "a" * 64
#: Pages of no review in particular: whoever is signed in sees them, and only their own reviews.
OUTSIDE_REVIEWS = {
    "add_framework",
    "framework",
    "frameworks",
    "import_review",
    "job",
    "job_file",
    "open_review",
    "reviews",
}


def patterns() -> dict[str, URLPattern]:
    found = {str(one.name): one for one in urls.urlpatterns if isinstance(one, URLPattern)}
    assert len(found) == len(urls.urlpatterns), "two addresses have one name"
    return found


OF_A_REVIEW = {name: one for name, one in patterns().items() if "<str:review>" in str(one.pattern)}


def permission_of(pattern: URLPattern) -> str:
    return str(getattr(pattern.callback, "permission", ""))


#: Pages of the results of a feedback tool, which it has once it is closed.
OF_CLOSED_TOOL = {
    "begin_result_evidence",
    "change_feedback_theme",
    "code_feedback_comment",
    "download_feedback_results",
    "feedback_question_results",
    "feedback_rates_picture",
    "feedback_result_picture",
    "feedback_results",
    "feedback_said",
    "feedback_themes",
    "record_result_evidence",
}


@dataclass
class World:
    """A review with one of each record, and somebody in each role."""

    review: models.Review
    members: dict[str, models.Member]
    document: models.Document

    def address(self, name: str) -> str:
        kwargs = {"review": self.review.code, **self.codes(name)}
        wanted = patterns()[name].pattern.converters
        return reverse(
            f"workspace:{name}", kwargs={key: kwargs[key] for key in wanted if key in kwargs}
        )

    def codes(self, name: str) -> dict[str, Any]:
        by_part = {
            "organisations": "county_council",
            "sources": "S001",
            "evidence": "E001",
            "findings": "F01",
            "improvements": "A01",
            "due": "D01",
            "feedback": "T01",
            "cases": "C01",
            "requests": "R01",
            "request-questions": "Q001",
            "your-requests": "R01",
            "your-answers": "Q001",
        }
        part = str(patterns()[name].pattern).removeprefix("reviews/<str:review>/").split("/")[0]
        code = by_part.get(part, "")
        said = name in ("feedback_said", "code_feedback_comment")
        if name in OF_CLOSED_TOOL:
            code = "T02"
        return {
            "code": code,
            "digest": self.document.code,
            "kloe": "step_down_responsive",
            "person": "P01",
            "table": "evidence",
            "record": "E001",
            "framework": "small",
            "grant": 1,
            "job": 1,
            "stay": 1,
            "item": "letter",
            "part": "stay-1",
            "kind": "csv",
            "notice": 1,
            "invited": "I01",
            "comment": comment_id("why", "It helps."),
            "question": "why" if said else "on_time",
            "theme": "TH01",
        }


@pytest.fixture
def world() -> World:
    review = make_review()
    by = lead_of(review)
    source_actions.save_organisation(
        review=review, by=by, values={"name": "County Council", "kind": "council"}
    )
    evidence = make_evidence(review, make_source(review), organisations=("county_council",))
    finding = make_finding(review)
    finding_actions.link_evidence(
        review=review, by=by, finding=finding.code, evidence=evidence.code, side="for"
    )
    finding_actions.save_improvement(
        review=review,
        by=by,
        values={"level": "strategic", "verb": "must", "text": "Plan.", "findings": ("F01",)},
    )
    review_actions.save_due_date(
        review=review, by=by, values={"title": "Summit", "on": "2018-02-01", "person": "P01"}
    )
    document = models.Document.objects.create(
        review=review,
        code=DIGEST,
        name="strategy.txt",
        media_type="text/plain",
        size_bytes=12,
        text="People wait.",
        recorded_by=by,
        recorded_at=evidence.recorded_at,
    )
    open_tool_with_links(review)
    closed_tool_with_theme(review)
    make_case(review)
    members = {role: make_member(review, role) for role in ROLES}
    send(make_request(review), answered_by=[members["system_contributor"].code])
    answer(members["system_contributor"], "Q001")
    return World(review, members, document)


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --------------------------------------------------------------------------- who sees what


def test_every_address_of_a_review_says_what_it_needs() -> None:
    assert set(patterns()) - set(OF_A_REVIEW) == OUTSIDE_REVIEWS
    assert {name: permission_of(one) for name, one in OF_A_REVIEW.items()} == {
        name: permission_of(one)
        for name, one in OF_A_REVIEW.items()
        if permission_of(one) in PERMISSIONS
    }


def test_every_permission_is_asked_by_an_address() -> None:
    assert set(PERMISSIONS) - {permission_of(one) for one in OF_A_REVIEW.values()} <= {
        # Asked within a page that shows more to who has it.
        "see_documents",
        # Asked by the work that makes a bundle.
        "export_answers",
    }


#: Nothing is there yet to be shown or changed; or, of documents, it is not the person's own.
NOT_YET = {
    "change_invitation",
    "clear_feedback_comment",
    "document",
    "document_file",
    "map_picture",
    "notice",
    "profile_page",
    "unlink_evidence",
}


@pytest.mark.parametrize("name", sorted(OF_A_REVIEW))
def test_a_page_is_for_the_roles_that_the_table_says(name: str, world: World) -> None:
    allowed = roles_with(permission_of(OF_A_REVIEW[name]))
    # A form may be refused; the role is not what stands in the way.
    lets_in = {200, 302, 303, 400, 405, 409} | ({404} if name in NOT_YET else set())
    for role, member in world.members.items():
        for method in ("get", "post"):
            answer = getattr(client_of(member.user), method)(world.address(name))
            expected = lets_in if role in allowed else {403, 405}
            assert answer.status_code in expected, (role, method, answer)


@pytest.mark.parametrize("name", sorted(OF_A_REVIEW))
def test_a_role_without_permission_is_refused_in_one_way_at_least(name: str, world: World) -> None:
    """405 alone would hide a page that asks no permission."""
    refused = set(ROLES) - roles_with(permission_of(OF_A_REVIEW[name]))
    for role in refused:
        client = client_of(world.members[role].user)
        seen = {getattr(client, one)(world.address(name)).status_code for one in ("get", "post")}
        assert 403 in seen, role


@pytest.mark.parametrize("name", sorted(OF_A_REVIEW))
def test_who_has_no_part_in_a_review_finds_no_such_page(name: str, world: World) -> None:
    stranger = make_review().member_set.get().user
    left = world.members["reviewer"]
    review_actions.end_membership(review=world.review, by=lead_of(world.review), code=left.code)
    administrator = make_user(administrator=True)

    for user in (stranger, left.user, administrator):
        seen = [getattr(client_of(user), one)(world.address(name)) for one in ("get", "post")]
        assert {answer.status_code for answer in seen} in ({404}, {404, 405})


@pytest.mark.parametrize("name", sorted(patterns()))
def test_who_is_not_signed_in_is_led_to_the_sign_in(name: str, world: World) -> None:
    answer = client_of(None).get(world.address(name))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:sign-in"))


# --------------------------------------------------------------------------- hostile input

HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "'; DROP TABLE workspace_review; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "=HYPERLINK(1)",
    "🚑" * 50,
    "\u202eשלום",
    "\ud83d",
    "x" * 10_001,
    "-1",
    "99999999999999999999999",
    "2017-02-30",
    "../../etc/passwd",
    "E001; E001",
    "NaN",
]
ENDINGS = (".csv", ".zip", ".xlsx", ".pdf", ".docx", ".txt", "")
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))


def answers(form: FoundForm) -> st.SearchStrategy[dict[str, list[str]]]:
    """What somebody might send with a form: what it offers, what it holds, or anything else."""

    def values(name: str) -> st.SearchStrategy[list[str]]:
        one = form.fields[name]
        offered = [st.just(one.chosen)]
        if one.values:
            offered.append(st.lists(st.sampled_from(one.values), max_size=2))
        return st.one_of(*offered, st.lists(texts, max_size=2))

    return st.fixed_dictionaries({name: values(name) for name in sorted(form.fields)})


def sendable(values: dict[str, list[str]]) -> dict[str, list[str]]:
    """As a browser would send it: no half letters."""
    return {
        name: [one.encode("utf-8", "replace").decode() for one in ones]
        for name, ones in values.items()
    }


def client_for(name: str, world: World) -> Client:
    """The lead; for pages that leads have not, somebody whose role has them."""
    allowed = roles_with(permission_of(patterns()[name])) if name in OF_A_REVIEW else {"lead"}
    if "lead" in allowed:
        return client_of(lead_of(world.review).user)
    return client_of(world.members[min(allowed)].user)


def forms_of(world: World) -> Iterator[tuple[Client, FoundForm]]:
    for name in sorted(patterns()):
        client = client_for(name, world)
        address = world.address(name)
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
            for form in FormReader(answer.content.decode(), address).forms:
                if "sign-out" not in form.action:
                    yield client, form


@pytest.fixture
def forms(world: World) -> list[tuple[Client, FoundForm]]:
    found = list(forms_of(world))
    assert len(found) >= 30
    return found


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_no_form_answers_anything_with_a_fault_of_ours(
    data: st.DataObject, world: World, forms: list[tuple[Client, FoundForm]]
) -> None:
    """The client raises any exception of a view, so a fault of ours fails here."""
    at = data.draw(st.integers(0, len(forms) - 1), label="form")
    client, form = forms[at]
    values: dict[str, Any] = sendable(data.draw(answers(form), label="values"))
    for name, one in form.fields.items():
        if one.kind == "file":
            content = data.draw(st.binary(max_size=200), label="file")
            values[name] = SimpleUploadedFile(f"a{data.draw(st.sampled_from(ENDINGS))}", content)

    # Each case begins with the same world.
    with transaction.atomic():
        answer = getattr(client, form.method)(form.action, values)
        transaction.set_rollback(True)

    assert answer.status_code < 500


IDS = {
    "code", "comment", "invited", "digest", "item", "kloe", "part", "person", "question", "record",
    "table", "theme",
}  # fmt: skip
STRANGE = ["\x00", "🚑", "..", "x" * 300, "S001' OR 1=1"]


@pytest.mark.parametrize(
    "name", sorted(name for name, one in OF_A_REVIEW.items() if IDS & set(one.pattern.converters))
)
def test_an_address_with_a_strange_id_is_not_found(name: str, world: World) -> None:
    client = client_for(name, world)
    for text in STRANGE:
        parts = set(patterns()[name].pattern.converters)
        codes = dict.fromkeys(IDS & parts, text) | ({"stay": 1} if "stay" in parts else {})
        address = reverse(f"workspace:{name}", kwargs={"review": world.review.code, **codes})

        for method in ("get", "post"):
            assert getattr(client, method)(address).status_code in (302, 303, 400, 404, 405)


@pytest.mark.parametrize("name", sorted(OF_A_REVIEW))
def test_a_question_mark_full_of_nonsense_is_no_fault(name: str, world: World) -> None:
    client = client_for(name, world)
    nonsense = {
        "page": "x" * 50,
        "q": "\x00\"'*(",
        "source": "🚑",
        "kloe": "\x00",
        "shows": "nothing",
        "person": "P99",
        "after": "-1",
        "document": "..",
    }

    assert client.get(world.address(name), nonsense).status_code < 500

"""What people do to a review: checked, refused, told in the history, and never lost."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from tests.helpers.workspace import (
    lead_of,
    make_evidence,
    make_finding,
    make_member,
    make_review,
    make_source,
    make_user,
    small_framework,
)
from wholesystem.reviews.history import verify_chain
from wholesystem.reviews.words import ROLES
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence as evidence_actions
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import reviews as review_actions
from wholesystem.web.workspace.actions import sources as source_actions
from wholesystem.web.workspace.errors import Conflict, PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import PERMISSIONS, can, roles_with
from wholesystem.web.workspace.rows import load_events, load_review
from wholesystem.web.workspace.storing import store_review

pytestmark = pytest.mark.django_db

FIGURE = {
    "kind": "indicator",
    "name": "dtoc_days",
    "area_code": "E10000025",
    "period_start": "2017-06-01",
    "period_end": "2017-06-30",
    "value": 6414,
    "unit": "days",
}


def last_event(review: models.Review) -> models.Event:
    return review.event_set.order_by("-number")[0]


def confirmed(review: models.Review) -> models.Finding:
    finding, evidence = make_finding(review), make_evidence(review)
    by = lead_of(review)
    finding_actions.link_evidence(
        review=review, by=by, finding=finding.code, evidence=evidence.code, side="for"
    )
    return finding_actions.confirm_finding(review=review, by=by, code=finding.code, version=1)


# --------------------------------------------------------------------------- saving


def test_a_review_is_opened_with_its_opener_as_lead() -> None:
    user = make_user("Lee")
    review = make_review(user)

    lead = lead_of(review)
    assert (lead.user, lead.role, lead.name) == (user, "lead", "Lee")
    assert last_event(review).action == "opened"


def test_a_second_review_cannot_take_an_id() -> None:
    review = make_review()

    with pytest.raises(RecordFaults, match="Another review has this id"):
        make_review(review=review.code)


def test_ids_are_counted_within_a_review() -> None:
    first, second = make_review(), make_review()

    codes = [make_source(review).code for review in (first, first, second)]

    assert codes == ["S001", "S002", "S001"]


def test_a_change_is_told_from_what_to_what() -> None:
    review = make_review()
    evidence = make_evidence(review)

    evidence_actions.save_evidence(
        review=review,
        by=lead_of(review),
        code=evidence.code,
        version=evidence.version,
        values={"shows": "strength", "kloe": ("crisis_safe",)},
        why="It was about A&E.",
    )

    event = last_event(review)
    assert json.loads(event.changes) == {
        "kloe": ["step_down_responsive", "crisis_safe"],
        "shows": ["concern", "strength"],
    }
    assert (event.by, event.action, event.why) == ("P01", "changed", "It was about A&E.")


def test_saving_what_is_there_already_writes_nothing() -> None:
    review = make_review()
    source = make_source(review)
    before = last_event(review).number

    source_actions.save_source(
        review=review,
        by=lead_of(review),
        code=source.code,
        version=1,
        values={"title": source.title},
    )

    assert last_event(review).number == before
    assert models.Source.objects.get(pk=source.pk).version == 1


def test_all_faults_of_a_record_are_told_at_once_and_nothing_is_kept() -> None:
    review = make_review()

    with pytest.raises(RecordFaults) as told:
        make_source(review, kind="hearsay", title="", date="01/02/2017")

    assert set(told.value.faults) == {"kind", "title", "date"}
    assert not models.Source.objects.filter(review=review).exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [("kloe", ("nowhere",)), ("organisations", ("nobody",))],
)
def test_a_record_links_only_to_what_is_in_its_review(column: str, value: Any) -> None:
    other = make_review()
    for _ in range(2):
        make_source(other)
    review = make_review()

    with pytest.raises(RecordFaults) as told:
        make_evidence(review, **{column: value})

    assert list(told.value.faults) == [column]


def test_the_source_of_another_review_is_not_found() -> None:
    other = make_review()
    make_source(other)
    review = make_review()

    with pytest.raises(RecordFaults):
        evidence_actions.save_evidence(
            review=review,
            by=lead_of(review),
            values={"source": "S001", "form": "quote", "text": "x", "shows": "concern"},
        )


def test_long_and_strange_texts_are_kept_letter_by_letter() -> None:
    text = "🚑 '=1+1\n" + "שלום\u202e " + "é" * 10_000
    review = make_review()

    evidence = make_evidence(review, text=text)

    assert models.Evidence.objects.get(pk=evidence.pk).text == text


def test_a_null_byte_is_refused_in_plain_words() -> None:
    with pytest.raises(RecordFaults, match="control characters"):
        make_evidence(make_review(), text="a\x00b")


def test_evidence_of_the_form_figure_needs_its_figure() -> None:
    review = make_review()

    with pytest.raises(RecordFaults, match="needs the figure"):
        make_evidence(review, form="figure")
    assert not models.Evidence.objects.filter(review=review).exists()

    evidence = make_evidence(review, form="figure", figure=FIGURE)
    assert evidence.figure.value == 6414


def test_a_figure_goes_when_its_evidence_becomes_a_paraphrase() -> None:
    review = make_review()
    evidence = make_evidence(review, form="figure", figure=FIGURE)

    evidence_actions.save_evidence(
        review=review, by=lead_of(review), code=evidence.code, values={"form": "paraphrase"}
    )

    assert not models.Figure.objects.filter(evidence=evidence).exists()
    assert last_event(review).action == "removed"


# --------------------------------------------------------------------------- two people at once


def test_the_second_editor_is_told_and_sees_the_firsts_words() -> None:
    review = make_review()
    evidence = make_evidence(review)
    reviewer = make_member(review, "reviewer")
    seen = evidence.version
    evidence_actions.save_evidence(
        review=review, by=reviewer, code=evidence.code, version=seen, values={"text": "Theirs."}
    )

    with pytest.raises(Conflict) as told:
        evidence_actions.save_evidence(
            review=review,
            by=lead_of(review),
            code=evidence.code,
            version=seen,
            values={"text": "Mine."},
        )

    assert told.value.current["text"] == "Theirs."
    assert models.Evidence.objects.get(pk=evidence.pk).text == "Theirs."
    evidence_actions.save_evidence(
        review=review,
        by=lead_of(review),
        code=evidence.code,
        version=told.value.version,
        values={"text": "Mine."},
    )
    assert models.Evidence.objects.get(pk=evidence.pk).text == "Mine."


# --------------------------------------------------------------------------- policies


def test_a_finding_without_evidence_cannot_be_confirmed() -> None:
    review = make_review()
    finding = make_finding(review)

    with pytest.raises(PolicyError, match=r"No evidence for F01 stands\. Link evidence"):
        finding_actions.confirm_finding(
            review=review, by=lead_of(review), code=finding.code, version=1
        )


def test_contrary_evidence_must_be_weighed_before_a_finding_is_confirmed() -> None:
    review = make_review()
    by = lead_of(review)
    finding = make_finding(review)
    for side in ("for", "against"):
        finding_actions.link_evidence(
            review=review,
            by=by,
            finding=finding.code,
            evidence=make_evidence(review).code,
            side=side,
        )

    with pytest.raises(PolicyError, match="Say how it was weighed"):
        finding_actions.confirm_finding(review=review, by=by, code=finding.code, version=1)

    finding_actions.save_finding(
        review=review, by=by, code=finding.code, values={"contrary_considered": "One ward only."}
    )
    finding = finding_actions.confirm_finding(review=review, by=by, code=finding.code, version=2)
    assert (finding.status, finding.confirmed_by) == ("confirmed", by)


def test_what_a_confirmed_finding_rests_on_cannot_be_withdrawn() -> None:
    review = make_review()
    confirmed(review)
    by = lead_of(review)

    with pytest.raises(PolicyError, match=r"S001 is under confirmed findings: F01\. Nothing was"):
        source_actions.withdraw_source(review=review, by=by, code="S001", why="Wrong person.")
    with pytest.raises(PolicyError, match="E001 is under confirmed findings"):
        evidence_actions.withdraw_evidence(review=review, by=by, code="E001", why="Wrong.")

    finding_actions.reopen_finding(review=review, by=by, code="F01", why="Its source is doubtful.")
    source = source_actions.withdraw_source(review=review, by=by, code="S001", why="Wrong person.")
    assert source.withdrawn == "Wrong person."


def test_a_confirmed_finding_is_reopened_before_it_or_its_evidence_changes() -> None:
    review = make_review()
    confirmed(review)
    by = lead_of(review)

    with pytest.raises(PolicyError, match="Reopen it"):
        finding_actions.save_finding(review=review, by=by, code="F01", values={"statement": "x"})
    with pytest.raises(PolicyError, match="Reopen it"):
        finding_actions.unlink_evidence(review=review, by=by, finding="F01", evidence="E001")
    with pytest.raises(PolicyError, match="Reopen it"):
        finding_actions.link_evidence(
            review=review, by=by, finding="F01", evidence=make_evidence(review).code, side="for"
        )


def test_withdrawn_evidence_cannot_be_linked() -> None:
    review = make_review()
    evidence, finding = make_evidence(review), make_finding(review)
    by = lead_of(review)
    evidence_actions.withdraw_evidence(review=review, by=by, code=evidence.code, why="Misheard.")

    with pytest.raises(PolicyError, match="was withdrawn"):
        finding_actions.link_evidence(
            review=review, by=by, finding=finding.code, evidence=evidence.code, side="for"
        )


@pytest.mark.parametrize("action", ["reopen_finding", "withdraw_finding"])
def test_a_judgement_undone_needs_a_reason(action: str) -> None:
    review = make_review()
    confirmed(review)

    with pytest.raises(RecordFaults, match="A reason is needed"):
        getattr(finding_actions, action)(review=review, by=lead_of(review), code="F01", why="  ")


def test_evidence_stands_still_once_the_review_is_published() -> None:
    review = make_review()
    make_source(review)
    by = lead_of(review)
    review = review_actions.change_review(
        review=review, by=by, values={"stage": "published"}, version=1
    )

    with pytest.raises(PolicyError, match="stand still"):
        make_source(review)

    review_actions.change_review(review=review, by=by, values={"stage": "findings"}, version=2)
    make_source(review)


def test_a_review_keeps_a_lead() -> None:
    review = make_review()
    by = lead_of(review)

    with pytest.raises(PolicyError, match="the only lead"):
        review_actions.end_membership(review=review, by=by, code="P01")
    with pytest.raises(PolicyError, match="the only lead"):
        review_actions.change_member(
            review=review, by=by, code="P01", values={"role": "viewer"}, version=1
        )

    other = make_member(review, "lead")
    review_actions.end_membership(review=review, by=other, code="P01", why="Moved on.")
    assert not can(lead_of(review), "see_review")


def test_who_left_and_comes_back_keeps_their_id() -> None:
    review = make_review()
    member = make_member(review, "reviewer")
    review_actions.end_membership(review=review, by=lead_of(review), code=member.code)

    again = review_actions.add_member(
        review=review, by=lead_of(review), user=member.user, role="analyst"
    )

    assert (again.pk, again.role) == (member.pk, "analyst")
    assert models.Member.objects.get(pk=member.pk).left_at is None


# --------------------------------------------------------------------------- permissions


@pytest.mark.parametrize(
    # The system's own answers are given by the system alone.
    "permission",
    sorted(set(PERMISSIONS) - {"answer_requests"}),
)
def test_the_lead_may_do_everything(permission: str) -> None:
    assert "lead" in roles_with(permission)


@pytest.mark.parametrize("role", ROLES)
def test_an_action_asks_permission_itself(role: str) -> None:
    review = make_review()
    by = make_member(review, role)
    tries = {
        "add_evidence": lambda: source_actions.save_source(
            review=review, by=by, values={"kind": "visit", "title": "A ward"}
        ),
        "add_organisations": lambda: source_actions.save_organisation(
            review=review, by=by, values={"name": "A trust"}
        ),
        "draft_findings": lambda: finding_actions.save_finding(
            review=review, by=by, values={"kloe": "crisis_safe", "statement": "It is."}
        ),
        "change_improvements": lambda: finding_actions.save_improvement(
            review=review, by=by, values={"level": "strategic", "verb": "must", "text": "Plan."}
        ),
        "change_due_dates": lambda: review_actions.save_due_date(
            review=review, by=by, values={"title": "Summit", "on": "2018-02-01"}
        ),
        "change_review": lambda: review_actions.change_review(
            review=review, by=by, values={"title": "New"}, version=None
        ),
        "manage_people": lambda: review_actions.change_member(
            review=review, by=by, code=by.code, values={"name": "New"}, version=None
        ),
    }

    for permission, act in tries.items():
        if role in roles_with(permission):
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


def test_only_a_lead_confirms() -> None:
    review = make_review()
    make_finding(review)

    for role in set(ROLES) - {"lead"}:
        with pytest.raises(PermissionDenied):
            finding_actions.confirm_finding(
                review=review, by=make_member(review, role), code="F01", version=1
            )


# --------------------------------------------------------------------------- history and storing


def test_the_history_is_a_whole_chain() -> None:
    review = make_review()
    confirmed(review)

    events = load_events(review)

    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert list(verify_chain(events)) == []


def test_a_changed_event_breaks_the_chain() -> None:
    review = make_review()
    confirmed(review)
    events = list(load_events(review))
    events[2] = events[2].model_copy(update={"by": "P99"})

    assert [str(fault)[:15] for fault in verify_chain(events)] == ["history event 3"]


def test_a_failed_action_leaves_no_event() -> None:
    review = make_review()
    before = last_event(review).number

    with pytest.raises(RecordFaults):
        make_evidence(review, form="figure")

    assert models.Event.objects.filter(review=review, number__gt=before + 1).count() == 0


def test_a_stored_review_is_the_one_that_was_read() -> None:
    review = make_review()
    confirmed(review)
    make_evidence(review, form="figure", figure=FIGURE)
    read = load_review(review, history=True)
    copy = replace(read, info=read.info.model_copy(update={"review": "copy"}))

    stored = store_review(review=copy, texts={}, measures={}, user=make_user())

    assert load_review(stored, history=True) == copy


def test_a_review_that_is_here_is_never_overwritten() -> None:
    review = make_review()
    read = load_review(review, history=True)

    with pytest.raises(PolicyError, match="Nothing was changed"):
        store_review(review=read, texts={}, measures={})


def test_another_framework_with_the_same_id_is_refused() -> None:
    make_review()
    framework = small_framework()
    question = framework.questions[0].model_copy(update={"asks": "Is it otherwise?"})
    changed = replace(framework, questions=(question, *framework.questions[1:]))

    with pytest.raises(PolicyError, match="another framework with the id small"):
        review_actions.keep_framework(framework=changed)


def test_a_record_of_another_review_is_not_found() -> None:
    other = make_review()
    make_finding(other)
    review = make_review()

    with pytest.raises(Http404):
        finding_actions.save_finding(
            review=review, by=lead_of(review), code="F01", values={"statement": "x"}
        )


@pytest.mark.parametrize(
    "values",
    [{"status": "confirmed"}, {"status": "lost"}],
    ids=["confirmed by nobody", "unknown status"],
)
def test_the_database_itself_refuses_contradictions(values: dict[str, str]) -> None:
    finding = make_finding(make_review())

    with pytest.raises(IntegrityError), transaction.atomic():
        models.Finding.objects.filter(pk=finding.pk).update(**values)

"""Builders of the workspace's records, with good defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model

from wholesystem.reviews.framework import Framework, FrameworkInfo, Prompt, Question, QuestionArea
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions import evidence as evidence_actions
from wholesystem.web.workspace.actions import findings as finding_actions
from wholesystem.web.workspace.actions import reviews as review_actions
from wholesystem.web.workspace.actions import sources as source_actions

PASSWORD = "a long and quiet sentence"
_made = iter(range(1, 10**9))


def small_framework(code: str = "small") -> Framework:
    """Two areas by two questions."""
    areas = [("crisis", "Crisis"), ("step_down", "Step down")]
    questions = [
        Question.model_validate(
            {
                "kloe": f"{area}_{word}",
                "area": area,
                "question": word,
                "name": f"{name}: {word}",
                "asks": f"Is it {word}?",
                "order": str(place),
                "source": "made for tests",
            }
        )
        for area, name in areas
        for place, word in enumerate(("safe", "responsive"), start=1)
    ]
    return Framework(
        FrameworkInfo.model_validate(
            {"framework": code, "name": "Small", "illustrative": "yes", "source": "made for tests"}
        ),
        tuple(
            QuestionArea.model_validate(
                {"area": area, "name": name, "order": str(place), "source": "made for tests"}
            )
            for place, (area, name) in enumerate(areas, start=1)
        ),
        tuple(questions),
        (
            Prompt.model_validate(
                {
                    "prompt": "handover",
                    "kloe": "crisis_responsive",
                    "text": "How long do ambulances wait to hand over?",
                    "source": "made for tests",
                }
            ),
        ),
    )


def make_user(name: str = "Robin", *, administrator: bool = False, **fields: Any) -> Any:
    """An account that can sign in with `PASSWORD`."""
    email = fields.pop("email", f"person{next(_made)}@example.org")
    user = get_user_model()(email=email, name=name, **fields)
    if administrator:
        user.is_administrator = True
    user.set_password(PASSWORD)
    user.save()
    return user


def make_review(lead: Any = None, **values: Any) -> models.Review:
    """A review with the small framework; its lead is a new account if none is given."""
    told = {
        "review": f"review_{next(_made)}",
        "title": "A review of Anyshire",
        "area_code": "E10000025",
        "area": "Oxfordshire",
        "stage": "fieldwork",
        "opened_on": date(2017, 11, 1),
        **values,
    }
    framework = review_actions.keep_framework(framework=small_framework())
    return review_actions.open_review(
        user=lead or make_user("Lee Lead"), framework=framework, values=told
    )


def lead_of(review: models.Review) -> models.Member:
    """The review's first lead."""
    return models.Member.objects.get(review=review, code="P01")


def make_member(review: models.Review, role: str, **fields: Any) -> models.Member:
    """Somebody with a part in a review, with an account."""
    user = make_user(fields.pop("name", role.replace("_", " ").title()))
    return review_actions.add_member(
        review=review, by=lead_of(review), user=user, role=role, **fields
    )


def make_source(review: models.Review, **values: Any) -> models.Source:
    """An interview, recorded by the lead."""
    told = {"kind": "interview", "title": "A ward manager", "who": "ward manager", **values}
    return source_actions.save_source(review=review, by=lead_of(review), values=told)


def make_evidence(
    review: models.Review, source: models.Source | None = None, **values: Any
) -> models.Evidence:
    """A paraphrase that shows a concern, recorded by the lead."""
    told = {
        "source": (source or make_source(review)).code,
        "form": "paraphrase",
        "text": "People wait for a package of care at home.",
        "shows": "concern",
        "kloe": ("step_down_responsive",),
        **values,
    }
    parts = {name: told.pop(name) for name in ("figure", "anchor") if name in told}
    return evidence_actions.save_evidence(review=review, by=lead_of(review), values=told, **parts)


def make_finding(review: models.Review, **values: Any) -> models.Finding:
    """A candidate finding."""
    told = {"kloe": "step_down_responsive", "statement": "Discharges are slow.", **values}
    return finding_actions.save_finding(review=review, by=lead_of(review), values=told)

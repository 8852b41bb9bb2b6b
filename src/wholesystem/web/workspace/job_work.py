"""The work of each kind of job: done whole, then ended with what was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from wholesystem.errors import UserError
from wholesystem.files import replaced_folder
from wholesystem.reviews.bundle import Bundle
from wholesystem.web.database import one_view
from wholesystem.web.workspace import models
from wholesystem.web.workspace.bundles import store_bundle, write_review
from wholesystem.web.workspace.kept_files import job_folder, made_folder
from wholesystem.web.workspace.permissions import can
from wholesystem.web.workspace.picture_work import write_map, write_profile

__all__ = ["WORK", "End", "Made"]


@dataclass(frozen=True)
class Made:
    """What a job made.

    Parameters
    ----------
    message : str
        For the person, in sentences, one a line.
    review : models.Review, optional
        The review that an import brought.
    file : Path, optional
        To be downloaded, within the data folder.
    file_name : str
        Under which name.
    """

    message: str
    review: models.Review | None = None
    file: Path | None = None
    file_name: str = ""


End = Callable[[Made], None]


def _review_of(job: models.Job) -> models.Review:
    if job.review is None:
        raise UserError("The review is not there any more.")
    return job.review


def _upload_of(job: models.Job) -> Path | None:
    return Path(settings.DATA_FOLDER) / job.file if job.file else None


def _export(job: models.Job, end: End) -> None:
    review = _review_of(job)
    out = job_folder(job.pk) / "bundle.zip"
    with one_view():
        write_review(review, out, with_answers=_may_have_answers(job, review))
    out.chmod(0o600)
    end(Made("The bundle is ready.", file=out, file_name=f"{review.code}.zip"))


def _may_have_answers(job: models.Job, review: models.Review) -> bool:
    member = models.Member.objects.filter(review=review, user=job.asked_by).first()
    return member is not None and can(member, "export_answers")


def _import(job: models.Job, end: End) -> None:
    def then(review: models.Review, bundle: Bundle) -> None:
        told = [f"The review “{review.title}” was brought in."]
        told += [f"Edited since it was written: {name}." for name in bundle.edited]
        told += bundle.notes
        end(Made("\n".join(told), review=review))

    path = _upload_of(job)
    if path is None or not path.is_file():
        raise UserError("The uploaded file is not there any more. Upload it again.")
    store_bundle(path, user=job.asked_by, then=then)


def _profile(job: models.Job, end: End) -> None:
    review = _review_of(job)
    with replaced_folder(made_folder(review, "profile")) as folder:
        made_from = write_profile(review.area_code, folder)
    end(Made(f"The data profile is ready. It is made from {made_from}."))


def _map(job: models.Job, end: End) -> None:
    review = _review_of(job)
    with replaced_folder(made_folder(review, "map")) as folder:
        write_map(_upload_of(job), job.file_name, folder)
    end(Made("The map is ready."))


def _cases(job: models.Job, end: End) -> None:
    from wholesystem.web.cases.drawing import add_drawn

    review, path = _review_of(job), _upload_of(job)
    if path is None or not path.is_file():
        raise UserError("The uploaded file is not there any more. Upload it again.")
    member = models.Member.objects.filter(
        review=review, user=job.asked_by, left_at__isnull=True
    ).first()
    if member is None:
        raise UserError("You have no part in the review any more.")
    # Ended with the work, so that what is taken up twice is added once.
    with transaction.atomic():
        end(Made(add_drawn(review, member, path, job.file_name)))


WORK: Mapping[str, Callable[[models.Job, End], None]] = {
    "cases": _cases,
    "export": _export,
    "import": _import,
    "profile": _profile,
    "map": _map,
}
"""By kind of job."""

"""Forms of those who answer information requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core import signing

from wholesystem.errors import TableError
from wholesystem.reviews.documents import UPLOAD_ENDINGS
from wholesystem.web.requests import models as requests
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.documents import hand_in
from wholesystem.web.workspace.errors import Conflict
from wholesystem.web.workspace.forms.base import RecordForm
from wholesystem.web.workspace.forms.sources import passage

__all__ = ["AnswerForm", "GiveForm", "called"]

SALT = "wholesystem.requests.handed_in"


def called(document: models.Document, member: models.Member) -> str:
    """What a document is called before somebody of the system.

    Parameters
    ----------
    document : models.Document
        With who recorded it.
    member : models.Member
        Who looks.

    Returns
    -------
    str
        Its name; nothing of it where another organisation handed it in, though the content is the
        same.
    """
    by = document.recorded_by
    own = by.pk == member.pk or (
        by.organisation_id is not None and by.organisation_id == member.organisation_id
    )
    return document.name if own else "A file that the review has already"


class AnswerForm(RecordForm):
    """The answer to one question: words, documents, or why there is none.

    A file that was chosen is handed in at once and stays with the form, whatever else of it is
    refused: a browser cannot show it again.

    Parameters
    ----------
    *args, **kwargs : object
        Of `RecordForm`.
    member : models.Member
        Who answers.
    answer : RequestAnswer or None
        As it stands.
    """

    free_texts = ("text", "cannot")

    text = passage("Your answer")
    cannot = passage(
        "Why you cannot answer, or not in full",
        "If the information is not held, or cannot be given. Leave it blank if you answered.",
    )
    documents = forms.MultipleChoiceField(
        label="Documents attached",
        help_text="Take away the tick to leave one out.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose documents from the list."},
    )
    file = forms.FileField(
        label="Attach a document",
        help_text="PDF, Word, Excel, PowerPoint, text, Markdown, CSV, or a PNG or JPEG picture."
        " Save to attach another.",
        required=False,
        error_messages={"empty": "The file is empty. Choose another."},
    )
    handed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10_000)

    accept = ",".join(UPLOAD_ENDINGS)

    def __init__(
        self,
        *args: Any,
        member: models.Member,
        answer: requests.RequestAnswer | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.answer = member, answer
        self.new_documents: list[models.Document] = []
        self.handed_in: set[str] = self._read_handed()
        self._offer()

    def _read_handed(self) -> set[str]:
        """Digests that this form handed in before, which nobody can forge."""
        sent = self.data.get("handed", "") if self.is_bound else ""
        try:
            told = signing.loads(sent, salt=SALT) if sent else []
        except signing.BadSignature:
            return set()
        of = f"{self.member.pk}"
        return {digest for pk, digest in told if pk == of}

    def _offer(self) -> None:
        links = self.answer.document_links.select_related("document__recorded_by") \
            if self.answer is not None else ()  # fmt: skip
        offered = {one.document.code: one.document for one in links}
        more = models.Document.objects.filter(
            review_id=self.member.review_id, code__in=self.handed_in - set(offered)
        ).select_related("recorded_by")
        offered |= {one.code: one for one in more.defer("text")}
        choices = [(code, called(one, self.member)) for code, one in offered.items()]
        self.fields["documents"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hand in the file first: it is kept, whatever else is refused."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file:
            self._hand_in(file)
        documents = [*cleaned.get("documents", ()), *(one.code for one in self.new_documents)]
        cleaned["documents"] = tuple(dict.fromkeys(documents))
        return cleaned

    def _hand_in(self, file: Any) -> None:
        # A large upload lies in a file already; a small one is in memory.
        path = getattr(file, "temporary_file_path", None)
        content = Path(path()) if path else file.read()
        try:
            handed = hand_in(
                review=self.member.review, by=self.member, name=file.name or "", content=content
            )
        except TableError as error:
            for fault in error.faults:
                self.add_error("file", f"{fault.rule} {fault.remedy}")
            return
        self.new_documents.append(handed.document)
        self.handed_in.add(handed.document.code)
        self._offer()
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        ticked = [*data.getlist("documents"), handed.document.code]
        data.setlist("documents", list(dict.fromkeys(ticked)))
        told = [[f"{self.member.pk}", digest] for digest in sorted(self.handed_in)]
        data["handed"] = signing.dumps(told, salt=SALT)
        self.data = data

    def values(self) -> dict[str, Any]:
        """Columns of the answer."""
        return {name: self.cleaned_data[name] for name in ("text", "cannot", "documents")}

    def remember(self, conflict: Conflict) -> None:
        """Take a conflict; what others attached meanwhile is offered too, ticked."""
        super().remember(conflict)
        theirs = conflict.current.get("documents", ())
        self.answer = requests.RequestAnswer.objects.filter(
            review_id=self.member.review_id, code=conflict.current["request_question"]
        ).first()
        self._offer()
        ticked = [*theirs, *self.data.getlist("documents")]  # type: ignore[attr-defined]
        self.data.setlist("documents", list(dict.fromkeys(ticked)))  # type: ignore[attr-defined]


class GiveForm(RecordForm):
    """That answers are to be given, as they were seen."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

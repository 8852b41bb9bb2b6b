"""The page on which cases are brought in: a sample drawn elsewhere, or stays to draw from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from wholesystem.reviews.cases import packaged_strata
from wholesystem.reviews.cases.records import LARGEST_SEED
from wholesystem.reviews.cells import parse_ids
from wholesystem.tables.cells import CellError
from wholesystem.web.cases.drawing import pack
from wholesystem.web.workspace import jobs
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.forms.reviews import FileForm
from wholesystem.web.workspace.policies import check_is_open
from wholesystem.web.workspace.uploads import MOST_TABLES_BYTES
from wholesystem.web.workspace.views.pages import Here, render_page, review_page
from wholesystem.web.workspace.views.saving import files_of, sent_of

__all__ = ["draw_sample"]

form_page = require_http_methods(["GET", "HEAD", "POST"])
MOST_MB = MOST_TABLES_BYTES // 1_000_000
TOLD_SEED = f"Enter a whole number from 0 to {LARGEST_SEED:,}."


class SampleForm(FileForm):
    """A zip of what ``wholesystem cases sample`` wrote."""


class DrawForm(forms.Form):
    """Stays to draw from, with the strata and the seed."""

    stays = forms.FileField(
        label="Stays",
        help_text="CSV or Parquet, with pseudonyms. A file with NHS numbers is refused.",
        error_messages={"required": "Choose a file of stays.", "empty": "The file is empty.",
                        "invalid": "Choose a file.", "missing": "Choose a file."},
    )  # fmt: skip
    spells = forms.FileField(
        label="Delays by reason",
        required=False,
        help_text="The companion file, if the stays have one.",
        error_messages={"empty": "The file is empty.", "invalid": "Choose a file."},
    )
    strata = forms.FileField(
        label="Strata",
        required=False,
        help_text="CSV. Without one, the packaged strata are used: they fit the packaged model.",
        error_messages={"empty": "The file is empty.", "invalid": "Choose a file."},
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=LARGEST_SEED,
        help_text="A whole number, chosen before you look. It draws the same cases again.",
        error_messages={
            name: TOLD_SEED for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    concurrent = forms.CharField(
        label="Services that may run side by side",
        required=False,
        max_length=2_000,
        help_text="Their names, parted by semicolons, such as: home; home_care.",
    )
    simulated = forms.BooleanField(
        label="No real person is in it: the stays were simulated", required=False
    )

    endings = {"stays": (".csv", ".parquet"), "spells": (".csv", ".parquet"), "strata": (".csv",)}

    def clean(self) -> dict[str, Any]:
        """See that the files end as they must and are not too large together."""
        cleaned = super().clean() or {}
        for name, endings in self.endings.items():
            file = cleaned.get(name)
            if file and Path(file.name or "").suffix.lower() not in endings:
                self.add_error(name, f"The file must end in {' or '.join(endings)}.")
        size = sum(file.size or 0 for name in self.endings if (file := cleaned.get(name)))
        if size > MOST_TABLES_BYTES:
            self.add_error("stays", f"The files are larger than {MOST_MB} MB. Cut the stays to the"
                           " time under review.")  # fmt: skip
        return cleaned

    def clean_concurrent(self) -> str:
        """Names parted by semicolons."""
        text: str = self.cleaned_data["concurrent"]
        try:
            parse_ids(text)
        except CellError as error:
            raise forms.ValidationError(f"{error.rule} {error.remedy}") from None
        return text

    def uploads(self) -> dict[str, UploadedFile[Any]]:
        """Files by the name that each has for the job."""
        found = {}
        for name, stem in (("stays", "stays"), ("spells", "stays_spells"), ("strata", "strata")):
            file = self.cleaned_data[name]
            if file:
                found[f"{stem}{Path(file.name).suffix.lower()}"] = file
        return found

    def asked(self) -> dict[str, Any]:
        """What is asked of them."""
        told = self.cleaned_data
        names = list(parse_ids(told["concurrent"]))
        return {"seed": told["seed"], "concurrent": names, "simulated": told["simulated"]}


@review_page("add_cases")
@form_page
def draw_sample(request: HttpRequest, here: Here) -> HttpResponse:
    """Bring in a sample, or draw one."""
    is_draw = request.POST.get("how") == "draw"
    draw = DrawForm(sent_of(request) if is_draw else None, files_of(request) if is_draw else None)
    sample = SampleForm(
        None if is_draw else sent_of(request),
        None if is_draw else files_of(request),
        endings=(".zip",),
        label="The sample",
        hint="A zip of the folder that wholesystem cases sample wrote.",
    )
    form = draw if is_draw else sample
    if form.is_bound and form.is_valid():
        too_large = not is_draw and sample.cleaned_data["file"].size > MOST_TABLES_BYTES
        if too_large:
            form.add_error("file", f"The file is larger than {MOST_MB} MB.")
        elif _is_open(here, form):
            return _ask(request, here, draw if is_draw else None, sample)
    return render_page(
        request,
        here,
        "cases/draw",
        400 if draw.errors or sample.errors else 200,
        draw=draw,
        sample=sample,
        most_mb=MOST_MB,
        strata=packaged_strata(),
    )


def _is_open(here: Here, form: forms.Form) -> bool:
    try:
        check_is_open(here.review, "cases")
    except PolicyError as error:
        form.add_error(None, str(error))
        return False
    return True


def _ask(
    request: HttpRequest, here: Here, draw: DrawForm | None, sample: SampleForm
) -> HttpResponse:
    if draw is None:
        upload = sample.cleaned_data["file"]
        job = jobs.ask(
            kind="cases", user=request.user, review=here.review, upload=upload, ending=".zip"
        )
    else:
        with pack(draw.uploads(), draw.asked()) as packed:
            packed.name = draw.cleaned_data["stays"].name
            job = jobs.ask(
                kind="cases", user=request.user, review=here.review, upload=packed, ending=".zip"
            )
    return redirect("workspace:job", job.pk)

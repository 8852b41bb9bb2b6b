"""Vega-Lite specifications to SVG, without a browser or the network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

from wholesystem.pictures.svg import element, escaped

VEGA_LITE_VERSION = "5.21"

_IDS = re.compile(r'(\bid="|url\(#|href="#)')
# What Vega says of the parts of a chart: the picture is one image, and parts without a name are
# faults to a screen reader. Text has no "<", so only tags are changed.
_TAG = re.compile(r"<[^<>]*>")
_SPOKEN_PARTS = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_OPENING = re.compile(r"<svg[^>]*>")


def render_svg(spec: Mapping[str, Any]) -> str:
    """A chart as the text of a self-contained SVG picture with title and description.

    Parameters
    ----------
    spec : mapping
        A specification from `wholesystem.pictures.charts`, or any Vega-Lite specification whose
        data stand in it. ``title`` and ``description`` become what a screen reader says.

    Returns
    -------
    str
        SVG starting with ``<svg``. Ids in it are made unique, so that several charts may stand in
        one page.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(dict(spec), vl_version=VEGA_LITE_VERSION, allowed_base_urls=[])
    mark = f"chart{crc32(json.dumps(spec, sort_keys=True, default=str).encode()):08x}"
    svg = _TAG.sub(lambda tag: _SPOKEN_PARTS.sub("", tag.group()), svg)
    svg = _IDS.sub(rf"\1{mark}-", svg)
    opening = _OPENING.search(svg)
    if opening is None:  # vl-convert always writes an svg element
        raise ValueError("The chart renderer returned no SVG element.")
    tag = opening.group()[:-1] + f' role="img" aria-labelledby="{mark}-title {mark}-desc">'
    spoken = element("title", escaped(_title_text(spec)), id=f"{mark}-title")
    spoken += element("desc", escaped(str(spec.get("description", ""))), id=f"{mark}-desc")
    return tag + spoken + svg[opening.end() :]


def _title_text(spec: Mapping[str, Any]) -> str:
    title = spec.get("title", "")
    if isinstance(title, Mapping):
        title = title.get("text", "")
    return " ".join(title) if isinstance(title, list) else str(title)

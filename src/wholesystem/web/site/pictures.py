"""Answers that hold our own pictures and pages of results, each with a policy of its own.

Our SVG has style attributes and our pages of results have style sheets and data of their own
within; the policy of the workspace allows neither. A document of its own may have them: nothing
in it can run a script, send anything or reach the page that shows it.
"""

from __future__ import annotations

from django.http import HttpResponse

__all__ = ["answer_page", "answer_svg"]

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none';"
    " base-uri 'none'; form-action 'none'; sandbox"
)


def answer_svg(svg: str) -> HttpResponse:
    """Answer of a picture, for ``<img src>``.

    Parameters
    ----------
    svg : str
        A whole SVG document of ours.

    Returns
    -------
    HttpResponse
        Not kept by the browser, as any page.
    """
    return _answer(svg, "image/svg+xml")


def answer_page(html: str) -> HttpResponse:
    """Answer of a page of results as the packages write it, opened by itself.

    Parameters
    ----------
    html : str
        A whole page of ours that needs no script.

    Returns
    -------
    HttpResponse
        Not kept by the browser, as any page.
    """
    return _answer(html, "text/html; charset=utf-8")


def _answer(text: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    # The middleware leaves a policy alone that is there already.
    response["Content-Security-Policy"] = POLICY
    return response

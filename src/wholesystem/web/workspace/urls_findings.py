"""Addresses of the pages on the grid, findings, areas for improvement, search and history."""

from __future__ import annotations

from django.urls import URLPattern

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern] = []

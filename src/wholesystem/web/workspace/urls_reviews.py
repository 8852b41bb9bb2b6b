"""Addresses of the pages on reviews, their people, dates, jobs and pictures."""

from __future__ import annotations

from django.urls import URLPattern

__all__ = ["urlpatterns"]

urlpatterns: list[URLPattern] = []

"""Addresses of the workspace's pages."""

from __future__ import annotations

from typing import Any

app_name = "workspace"
urlpatterns: list[Any] = []

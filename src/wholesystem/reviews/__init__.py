"""A review of a local system: its questions, sources, evidence and findings, with no web in it.

A `Review` is a set of small tables that are checked together. It is the same whether it was read
from a bundle (a folder or zip of CSV, JSON and files) or from the workspace's database, so every
rule on it is written once, here.
"""

from __future__ import annotations

"""Definitions, published figures, comparison and statistical process control."""

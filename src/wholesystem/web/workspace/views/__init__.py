"""Thin pages: each finds its records, calls an action, and hands a template what it shows."""

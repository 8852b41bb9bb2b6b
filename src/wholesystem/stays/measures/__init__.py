"""Measures of stays: one public function each, returning a table of aggregates."""

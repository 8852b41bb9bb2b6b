"""Builders and checks shared by all tests."""

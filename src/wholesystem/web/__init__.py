"""The review workspace: a Django project of thin pages over the packages above it."""

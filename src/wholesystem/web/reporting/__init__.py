"""The report of a review in the workspace, and the rounds in which it is checked."""

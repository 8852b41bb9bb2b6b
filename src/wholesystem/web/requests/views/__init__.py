"""Pages of information requests: the review team's, and those of who answers."""

"""Changes of the table of the chain, in order."""

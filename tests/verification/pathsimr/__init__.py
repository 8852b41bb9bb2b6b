"""PathSimR's two published cases, run through our tables."""

"""Pages of feedback tools."""

"""Files: what an upload really is, what it hides, a clean copy of it, and where it is kept."""

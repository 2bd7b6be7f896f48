"""What changed between two versions of a text, shown character by character as a reviewer reads it."""

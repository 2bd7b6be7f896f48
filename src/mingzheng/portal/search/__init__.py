"""The pages of searching: what is asked, what is shown, and the same as JSON."""

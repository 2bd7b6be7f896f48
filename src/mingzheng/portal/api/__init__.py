"""``/api/v1``: public data for everybody to read, a feed of changes, and a way in for departments' own systems."""

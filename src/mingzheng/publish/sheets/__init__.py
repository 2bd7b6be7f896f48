"""Many items from one Excel sheet: the form that an officer fills in, and its reading row by row."""

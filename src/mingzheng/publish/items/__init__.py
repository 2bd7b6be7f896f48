"""Items: the pieces of information that a unit publishes in a column."""

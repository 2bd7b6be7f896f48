"""词表: what the city and its units add to the lists of words, and what a unit lets pass."""

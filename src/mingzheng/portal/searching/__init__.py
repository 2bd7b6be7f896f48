"""Finding public information: words, an index beside the database, and what people ask for."""

"""Floor 5, what the public sees: sites, page families, the static publisher, search, feeds and the open API."""

"""Floor 3: what must be public. The catalogue of columns and the items published in them."""

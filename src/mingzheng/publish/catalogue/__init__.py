"""The catalogue: column standards per tier, as versioned data, and what units adjust."""

"""What comes from outside: saved pages of older sites are read, and their bodies are made clean."""

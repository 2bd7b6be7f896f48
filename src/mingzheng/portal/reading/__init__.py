"""How often pages are read: counted without cookies, without addresses, without anything about the reader."""

"""What offices paste and upload becomes a clean body."""

"""What many people search for: counted by day, without anything about who asked."""

"""页面发布: what the publisher did, what waits, what failed, and asking for a rebuild."""

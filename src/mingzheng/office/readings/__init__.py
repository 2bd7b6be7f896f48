"""浏览统计: how often the pages of one's units are read."""

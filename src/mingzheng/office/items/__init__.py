"""已发布信息: what is out, where it came from, and taking it away."""

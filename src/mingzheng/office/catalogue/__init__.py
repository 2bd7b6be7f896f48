"""公开目录: the tree, editions of the standard, and what units adjust for themselves."""

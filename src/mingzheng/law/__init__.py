"""Floor 1: the rules as pure Python. No Django, no input or output but its own data files."""

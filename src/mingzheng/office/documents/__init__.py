"""规范性文件: which hold, what was registered about each, clean-up in bulk, the gazette, openness decided at the source."""

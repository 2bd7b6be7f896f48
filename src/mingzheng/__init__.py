"""Mingzheng (明政): one system for a city's open-government work."""

__version__ = "0.1.0"

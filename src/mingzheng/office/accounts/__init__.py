"""Accounts and grants: the screens of the system administrator."""

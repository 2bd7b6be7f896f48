"""Keys of the open interface: the screens of whoever keeps the accounts."""

"""Editions (版次): a revision of the catalogue is planned, looked at, and adopted as a whole."""

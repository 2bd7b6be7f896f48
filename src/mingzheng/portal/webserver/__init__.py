"""The configuration of the web server in front: published files first, the live addresses to the application."""

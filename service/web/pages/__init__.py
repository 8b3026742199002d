"""The HTML routes and their messages."""

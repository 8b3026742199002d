"""The HTML routes and their words."""

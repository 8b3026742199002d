"""Uploaded documents as items: filled forms, saved data, zips of both."""

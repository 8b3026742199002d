"""Drafts that people save on the server on purpose, each readable with the secret of its link alone."""

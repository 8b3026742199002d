"""Batches that came over HTTP: supervised, zipped, announced by webhook."""

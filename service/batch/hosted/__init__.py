"""Batches that came over HTTP: kept going, zipped, announced by webhook."""

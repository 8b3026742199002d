"""Archived years regenerated and compared; old files imported; the reports of both."""

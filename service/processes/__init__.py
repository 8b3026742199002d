"""Processes of the machine: how they start, their identity, the files that they may open."""

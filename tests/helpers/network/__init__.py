"""Hosts with a network between them, on one machine."""

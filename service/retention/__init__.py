"""Keeping and letting go: how long records are kept, legal holds, destruction in two steps."""

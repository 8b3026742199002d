"""A template's tags with their positions, and whether its schema has what they name."""

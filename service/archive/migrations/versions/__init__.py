"""The migrations, in the order of their names; each is complete in itself and imports no table."""

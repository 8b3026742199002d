"""The commands on records: found, taken out, compared."""

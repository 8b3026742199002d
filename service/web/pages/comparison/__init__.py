"""The page that compares a record with another version, or with a file."""

"""The metadata of the archive's database, on which each room defines its tables, and the types of columns."""

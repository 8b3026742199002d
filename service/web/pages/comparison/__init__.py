"""The pages that compare a record with another version or a file, and say which record a file is of."""

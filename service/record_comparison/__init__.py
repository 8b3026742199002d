"""A version of a record beside another or a file: what differs, on which pages; which record a file is of."""

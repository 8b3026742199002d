"""A version of a record beside another, or beside a file: what differs, and the pages on which it does."""

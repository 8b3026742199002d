"""What is added to records after they were archived: written once, with a statement, never replaced."""

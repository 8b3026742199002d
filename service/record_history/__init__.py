"""What an auditor asks of a record: who archived it, how long it is kept, how it was destroyed."""

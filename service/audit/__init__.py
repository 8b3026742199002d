"""The audit log: who did what, each row chained to the one before by its hash."""

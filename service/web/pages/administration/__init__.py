"""The pages of administrators: the audit log."""

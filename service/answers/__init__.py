"""Answers of payloads: facts of them that another form takes over, and what differs between two."""

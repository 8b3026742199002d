"""The part of a record's page with its sealed copies."""

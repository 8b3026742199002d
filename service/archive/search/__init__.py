"""What records are found by: a narrow table beside them, and the index of its texts."""

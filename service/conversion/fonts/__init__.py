"""Which face draws which character; the faces that the service brings."""

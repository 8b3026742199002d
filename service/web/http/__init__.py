"""What surrounds every request: who calls, limits, idempotency, headers, problems, logs, metrics."""

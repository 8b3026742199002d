"""HTTP infrastructure: authentication, limits, idempotency, headers, problems, logs, metrics."""

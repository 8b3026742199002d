"""A new year's editions, and publishing them (`kexie-forms edition`)."""

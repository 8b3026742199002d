"""Many submissions as one job: read from a file, generated, archived, and what failed told."""

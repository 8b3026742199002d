"""Batches: many submissions of one file generated and archived as a job, with their failures reported."""

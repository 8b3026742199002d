"""The tables of jobs and items, and what one item goes through."""

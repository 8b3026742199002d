"""Worker processes that process items: local ones, and Celery workers of a broker."""

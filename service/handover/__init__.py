"""Hand-over to an archive: archival codes (档号), metadata after DA/T 46, and the package of both."""

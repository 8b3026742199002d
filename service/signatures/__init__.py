"""Electronic signatures of PDFs: verified away from the service's memory and network, made with its key."""

"""What comes back to a record sealed, what the service signs of it, and the sheet that leads back to it."""

"""The shared service of LibreOffice processes: client, protocol, policy."""

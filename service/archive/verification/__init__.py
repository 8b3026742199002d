"""Verification of an archive: files against their hashes, rows against manifests and the audit log."""

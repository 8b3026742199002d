"""Regenerates and compares archived years, imports old files, and reports on both."""

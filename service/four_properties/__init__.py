"""The four properties of an archive after DA/T 70: what was checked, with which result and evidence."""

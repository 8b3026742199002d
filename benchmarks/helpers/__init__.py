"""What the benchmarks share: records, clients, other ways to a PDF, killed processes, tables of figures."""

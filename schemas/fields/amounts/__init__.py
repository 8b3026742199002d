"""Field types that hold numbers: counts, decimals, percentages, points, and money with its capitals."""

"""Field types that hold dates: days, months, years, and periods of them."""

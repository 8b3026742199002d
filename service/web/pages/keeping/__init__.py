"""The pages on keeping and letting go: retention, destruction lists, hand-over."""

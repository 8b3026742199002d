"""The JSON routes on keeping and letting go: retention, destruction, hand-over, the four properties."""

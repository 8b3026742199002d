"""Fields of boxes in a filled form: their options with the words around, what is ticked, what stands out."""

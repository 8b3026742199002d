"""Files made to harm or to puzzle whoever reads them."""

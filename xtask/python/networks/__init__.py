"""Small networks of the families that knee reads, one module per kind."""

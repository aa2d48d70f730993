"""Messages and signals between instances: sent after the commit, delivered once."""

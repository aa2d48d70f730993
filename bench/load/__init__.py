"""Two hundred people at once on PostgreSQL: `make load`, ten minutes through the pages of the real server."""

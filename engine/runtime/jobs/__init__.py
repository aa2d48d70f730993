"""Effects outside the database: HTTP calls and pushes, tried until they succeed, and what people are told."""

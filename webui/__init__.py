"""Gendan's pages: what people see and fill in. Everything that is decided is decided in `engine`."""

"""What people add to tasks and records: comments and files."""

"""What is kept beside the database: exported history, backups, and putting them back."""

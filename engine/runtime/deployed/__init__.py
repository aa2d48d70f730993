"""What is deployed, parsed once and shared by everything that runs on it."""

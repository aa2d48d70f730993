"""The command `gendan`: one file a command. What it prints is for people; exit codes are for scripts."""

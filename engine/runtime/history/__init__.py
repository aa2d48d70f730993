"""History: looked through, verified, sealed, and emptied when its time is over."""

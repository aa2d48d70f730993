"""What happens by the clock: timers, calendars, and the times when no engine ran."""

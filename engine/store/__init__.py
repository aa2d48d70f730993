"""Tables and statements by aggregate; they take the open connection, and only the unit of work commits."""

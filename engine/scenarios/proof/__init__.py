"""What scenarios prove: which elements, flows and rules they reach, and which clauses of the policy they hold."""

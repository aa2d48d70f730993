"""The unit of work: one transaction over one instance, what it is made of, and the rows it leaves."""

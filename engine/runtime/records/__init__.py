"""Records as people see them: lists, one record, the working sheet, prints."""

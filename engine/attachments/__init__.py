"""What uploaded files are: their names, their kinds by content, pictures fit to be shown, and where they are kept."""

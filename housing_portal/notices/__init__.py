"""What people are told: the inbox, e-mail, and the log of both."""

"""People who sign in: accounts, roles, districts, sessions, the second factor."""

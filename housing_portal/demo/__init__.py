"""A city to look at: people, companies and cases in every state, for demonstrations and never in production."""

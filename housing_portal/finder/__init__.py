"""The finder: what a person or a company can get, over all schemes, without an account."""

"""What the city knows of companies and what a person gave before."""

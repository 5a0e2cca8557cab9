"""Awards: what was granted, for which months, from which budget."""

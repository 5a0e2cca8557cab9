"""What the city's registers say: a port for each register, with an adapter that reads imported CSV files."""

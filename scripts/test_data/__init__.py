"""What scripts/make_test_data.py is made of."""

"""Schemes: what the city offers, written as data; who can get it and how much, computed and explained."""

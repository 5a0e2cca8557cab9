"""The WSGI entry point."""

from housing_portal import create_app

app = create_app()

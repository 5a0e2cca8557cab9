"""Demo data: a city with people, companies and cases in every state."""

import click


@click.command("demo")
def demo_command() -> None:
    pass

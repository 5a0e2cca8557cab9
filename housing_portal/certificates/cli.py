"""The command line of certificates."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from housing_portal.certificates import service
from housing_portal.certificates.rules import REVOCATION_REASONS
from housing_portal.core.db import commit, writing

papers_cli = AppGroup("papers", help="Papers that were issued.")


@papers_cli.command("revoke")
@click.argument("serial")
@click.argument("reason", type=click.Choice(sorted(REVOCATION_REASONS)))
def revoke_command(serial: str, reason: str) -> None:
    """Withdraw a paper; its verification page says so at once."""
    with writing():
        try:
            service.revoke(serial, reason, None)
        except service.CannotRevoke as error:
            raise click.ClickException(str(error)) from error
        commit()
    click.echo(f"{serial} is revoked")

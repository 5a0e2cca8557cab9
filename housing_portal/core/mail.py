"""The way out for e-mail: SMTP by settings; in the demo the mails are read on a page of the portal."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.utils import make_msgid

from flask import current_app

from housing_portal.config import Settings


class MailUndelivered(Exception):
    """The mail server did not take the message; the job tries again later."""


def send(to: str, subject: str, body: str, reference: str) -> None:
    """Hand one plain-text mail to the server. Raises MailUndelivered.

    ``reference`` makes the Message-ID, so that a repeated hand-over can be recognised as the same mail.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.mail_mode == "page":
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_sender, to, subject
    domain = settings.mail_sender.rpartition("@")[2]
    message["Message-ID"] = f"<{reference}@{domain}>" if reference else make_msgid(domain=domain)
    message.set_content(body)
    try:
        kind = smtplib.SMTP_SSL if settings.smtp_tls == "tls" else smtplib.SMTP
        with kind(settings.smtp_host, settings.smtp_port, timeout=20) as server:
            if settings.smtp_tls == "starttls":
                server.starttls()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailUndelivered(str(error)) from error

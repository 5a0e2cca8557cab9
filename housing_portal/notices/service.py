"""Commands on notices: tell a person something, once for each event; mark it read."""

from __future__ import annotations

from sqlalchemy import exists, select, update

from housing_portal.accounts.models import User
from housing_portal.core import clock, mail, outbox
from housing_portal.core.db import db
from housing_portal.core.i18n import speaking
from housing_portal.core.web import absolute_path, absolute_url
from housing_portal.notices.events import MailWritten
from housing_portal.notices.models import InboxMessage, Mail
from housing_portal.notices.texts import Text


def tell(user: User, event_id: int, text: Text, *, inbox: bool = True) -> None:
    """Write the inbox message and the mail of an event, in the person's language; a repeated event writes nothing."""
    if db.session.scalar(select(exists().where(Mail.event_id == event_id, Mail.user_id == user.id))):
        return
    with speaking(user.language):
        words = text.in_words()
    link = absolute_path(text.endpoint, **text.values)
    moment = clock.now()
    if inbox:
        db.session.add(
            InboxMessage(
                event_id=event_id,
                user_id=user.id,
                subject=words.subject,
                body=words.body,
                link=link,
                created_at=moment,
            )
        )
    body = f"{words.greeting}\n\n{words.body}\n\n{absolute_url(text.endpoint, **text.values)}\n\n{words.closing}\n"
    row = Mail(
        event_id=event_id,
        user_id=user.id,
        address=user.email,
        subject=words.subject,
        body=body,
        created_at=moment,
    )
    db.session.add(row)
    db.session.flush()
    outbox.publish(MailWritten(mail_id=row.id))


def send_mail(mail_id: int) -> None:
    """Hand one mail to the server. Raises core.mail.MailUndelivered; the job then tries again."""
    row = db.session.get_one(Mail, mail_id)
    if row.state == "sent":
        return
    mail.send(row.address, row.subject, row.body, reference=f"mail-{row.event_id}-{row.user_id}")
    row.state, row.sent_at = "sent", clock.now()


def mark_read(user: User, message_id: int) -> InboxMessage | None:
    """The person opened a message; None when it is not theirs."""
    db.session.execute(
        update(InboxMessage)
        .where(InboxMessage.id == message_id, InboxMessage.user_id == user.id, InboxMessage.read_at.is_(None))
        .values(read_at=clock.now())
    )
    return db.session.scalars(
        select(InboxMessage).where(InboxMessage.id == message_id, InboxMessage.user_id == user.id)
    ).first()

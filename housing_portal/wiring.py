"""The only module that knows every room: blueprints, subscribers, duties, commands, menus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from housing_portal.accounts import events as accounts_events
from housing_portal.accounts import views as accounts
from housing_portal.accounts.cli import accounts_cli
from housing_portal.applications import views as applications
from housing_portal.applications.cli import applications_cli
from housing_portal.casework import decision_views as decisions
from housing_portal.casework import events as casework_events
from housing_portal.casework import service as casework_service
from housing_portal.casework import staff_views as staff
from housing_portal.casework import verification_views as verification
from housing_portal.casework import views as casework
from housing_portal.casework.ports import keep_awards_in
from housing_portal.casework.workflow import workflow_cli
from housing_portal.certificates import events as certificates_events
from housing_portal.certificates import handlers as certificates_handlers
from housing_portal.certificates import views as certificates
from housing_portal.certificates.cli import papers_cli
from housing_portal.certificates.queries import papers_of_case
from housing_portal.core import throttle
from housing_portal.core.audit import audit_cli
from housing_portal.core.outbox import Subscriptions
from housing_portal.core.workdays import workdays_cli
from housing_portal.core.worker import Duty, worker_command
from housing_portal.demo import views as demo
from housing_portal.demo.cli import demo_command
from housing_portal.finder import staff_views as finder
from housing_portal.notices import events as notices_events
from housing_portal.notices import handlers as notices_handlers
from housing_portal.notices import views as notices
from housing_portal.payments import views as payments
from housing_portal.payments.book import AwardsAndQuota
from housing_portal.payments.cli import payments_cli
from housing_portal.payments.presentation import support_of_case
from housing_portal.payments.queries import READERS as BUDGET_READERS
from housing_portal.registry import views as registry
from housing_portal.schemes import views as schemes
from housing_portal.schemes.cli import schemes_cli
from housing_portal.verification.cli import verification_cli
from housing_portal.workbench import draft_views, preview, preview_views, running, simulation_views
from housing_portal.workbench import events as workbench_events
from housing_portal.workbench import views as workbench
from housing_portal.workbench.access import READERS

# Importing a module of pages adds them to the blueprint of the workbench.
WORKBENCH = (workbench, draft_views, preview_views, simulation_views)


def wire(app: Flask, subscriptions: Subscriptions, duties: list[Duty]) -> None:
    """Connect the rooms."""
    cases = (casework, staff, decisions, verification)
    public = (accounts, registry, schemes, finder)
    for room in (*public, applications, *cases, certificates, payments, notices, workbench, demo):
        app.register_blueprint(room.bp)
    _subscribe(subscriptions)
    keep_awards_in(app, AwardsAndQuota())
    duties += [
        Duty("clocks of cases", casework_service.run_clocks, timedelta(minutes=5)),
        Duty("old throttle counters", throttle.forget_old_windows, timedelta(hours=6)),
    ]
    for command in (
        worker_command,
        demo_command,
        workdays_cli,
        audit_cli,
        schemes_cli,
        workflow_cli,
        accounts_cli,
        applications_cli,
        papers_cli,
        verification_cli,
        payments_cli,
    ):
        app.cli.add_command(command)
    app.context_processor(_menus)
    # The pages of a case show its papers and its award, and casework, a floor below, cannot ask for them itself.
    app.jinja_env.globals.update(papers_of_case=papers_of_case, support_of_case=support_of_case)


def _subscribe(subscriptions: Subscriptions) -> None:
    hear = subscriptions.subscribe
    hear(accounts_events.ConfirmationAsked, notices_handlers.on_confirmation_asked)
    hear(accounts_events.AlreadyRegistered, notices_handlers.on_already_registered)
    hear(accounts_events.ResetAsked, notices_handlers.on_reset_asked)
    hear(casework_events.CaseSubmitted, notices_handlers.on_case_submitted)
    hear(casework_events.CaseSubmitted, certificates_handlers.issue_receipt)
    hear(casework_events.CaseMoved, notices_handlers.on_case_moved)
    hear(casework_events.CaseDecided, certificates_handlers.issue_decision_paper)
    hear(certificates_events.PaperIssued, notices_handlers.on_paper_issued)
    hear(notices_events.MailWritten, notices_handlers.on_mail_written)
    hear(workbench_events.PaperPreviewAsked, preview.on_paper_preview_asked)
    hear(workbench_events.SimulationStarted, running.on_simulation_started, given_up=running.fail)
    hear(workbench_events.ChunkReady, running.on_chunk_ready, given_up=running.fail)
    hear(workbench_events.SimulationCounted, running.on_simulation_counted, given_up=running.fail)


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu."""

    url: str
    label: str
    current: bool


# Pages of these rooms belong to a menu entry of another room.
MENU_OF_ROOM = {"applications": "casework", "decisions": "staff", "verification": "staff"}


def _menus() -> dict[str, Any]:
    """The main menu for this reader, and the number of unread messages."""
    if current_user.is_authenticated and current_user.is_staff:
        entries = [("staff.queue", _("Work queue"))] if current_user.roles & set(staff.READERS) else []
        if current_user.roles & set(BUDGET_READERS):
            entries.append(("payments.budget", _("Budget")))
        if current_user.roles & set(READERS):
            entries.append(("workbench.index", _("Workbench")))
        entries.append(("schemes.catalogue", _("Schemes")))
    else:
        entries = [("finder.doors", _("What you can get")), ("schemes.catalogue", _("All schemes"))]
        if current_user.is_authenticated:
            entries.append(("casework.index", _("My applications")))
    entries.append(("certificates.verify", _("Verify a letter")))
    here = MENU_OF_ROOM.get(request.blueprint or "", request.blueprint)
    here = None if request.endpoint == "schemes.home" else here  # the start page is none of the entries
    items = [MenuItem(url_for(endpoint), label, here == endpoint.partition(".")[0]) for endpoint, label in entries]
    return {"nav_items": items, "unread_count": notices.unread_count()}

"""Forms of the officers' and the applicant's steps."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from housing_portal.core.forms import CheckboxesField, PortalForm
from housing_portal.schemes.facts import fact_dictionary
from housing_portal.schemes.language import SchemeDefinition

TOO_LONG = _l("Use at most 2,000 characters.")


class VersionedForm(PortalForm):
    """Carries the version that the officer saw, so that a change in between is noticed."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class AcceptForm(VersionedForm):
    """Everything is there."""

    note = TextAreaField(
        _l("Note for colleagues"),
        description=_l("The applicant does not see it."),
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
        render_kw={"rows": 3},
    )


class OpinionForm(VersionedForm):
    """The reviewer's opinion."""

    recommendation = RadioField(
        _l("Your recommendation"),
        choices=[SelectChoice("approve", cast(str, _l("Approve"))), SelectChoice("refuse", cast(str, _l("Refuse")))],
        validators=[InputRequired(_l("Choose what you recommend."))],
    )
    opinion = TextAreaField(
        _l("Opinion"),
        description=_l("What you checked and found. The approver decides on it; the applicant does not see it."),
        validators=[InputRequired(_l("Write your opinion.")), Length(max=2000, message=TOO_LONG)],
    )


class ApproveForm(VersionedForm):
    """The decision for the applicant."""

    note = TextAreaField(
        _l("Reason, if a rule is not met"),
        description=_l("Needed when you decide against a rule. The applicant does not see it."),
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
        render_kw={"rows": 3},
    )


class RefuseForm(VersionedForm):
    """The decision against, with coded reasons."""

    reasons = CheckboxesField(_l("Reasons"), description=_l("The letter cites the clause of each reason."))
    remark = TextAreaField(
        _l("Explanation for the applicant"),
        description=_l("Printed in the letter. Say plainly what was found."),
        validators=[Optional(), Length(max=1000, message=_l("Use at most 1,000 characters."))],
        render_kw={"rows": 4},
    )

    def __init__(self, definition: SchemeDefinition, lang: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reasons.choices = [
            SelectChoice(reason.code, f"{reason.words.in_(lang)} ({reason.clause.in_(lang)})")
            for reason in definition.reasons
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one reason."""
        valid = bool(super().validate(extra_validators))
        if not self.reasons.data:
            self.reasons.errors = (_l("Choose at least one reason."),)
            return False
        return valid


class CorrectionForm(VersionedForm):
    """Everything that must be mended, once. One text field for each fact or document that is ticked."""

    items = CheckboxesField(
        _l("What must be mended?"),
        description=_l("Tick everything now: the applicant is asked only once."),
    )

    def __init__(self, definition: SchemeDefinition, lang: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        dictionary = fact_dictionary()
        self._titles: list[tuple[str, list[str]]] = []
        self.items.choices = []
        for page in definition.pages:
            self._add(page.title.in_(lang), {f"fact:{e.fact}": dictionary[e.fact].label.in_(lang) for e in page.facts})
        documents = {f"document:{document.slot}": document.title.in_(lang) for document in definition.documents}
        self._add(str(_l("Documents")), documents)

    def _add(self, title: str, words: dict[str, str]) -> None:
        if words:
            self._titles.append((title, list(words)))
            self.items.choices += [SelectChoice(key, label) for key, label in words.items()]

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The choices page by page, for folding away what is in order."""
        options = {option.data: option for option in self.items}
        return [(title, [options[key] for key in keys]) for title, keys in self._titles]


class ConfirmForm(VersionedForm):
    """The second person agrees with a decision against a rule."""

    note = TextAreaField(
        _l("Note for colleagues"),
        description=_l("The applicant does not see it."),
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
        render_kw={"rows": 3},
    )


class SendBackForm(VersionedForm):
    """The second person does not agree."""

    reason = TextAreaField(
        _l("Why you do not confirm it"),
        description=_l("The approver reads it. The applicant does not see it."),
        validators=[
            InputRequired(_l("Write why you do not confirm it.")),
            Length(max=2000, message=TOO_LONG),
        ],
        render_kw={"rows": 3},
    )


class LookUpForm(VersionedForm):
    """Ask the registers."""


class AgreeForm(VersionedForm):
    """What the applicant declared is right."""

    fact = HiddenField(validators=[InputRequired(), Length(max=80)])


class StatementForm(VersionedForm):
    """What the officer saw, beside the value of the fact."""

    note = TextAreaField(
        _l("What you saw, and where"),
        description=_l("The document and its page, or the register and its day. The applicant does not see it."),
        validators=[Optional(), Length(max=1000, message=_l("Use at most 1,000 characters."))],
        render_kw={"rows": 3},
    )


class UnmaskForm(PortalForm):
    """Why the full numbers are needed."""

    reason = StringField(
        _l("Why do you need the full numbers?"),
        description=_l("Your reason is logged with your name."),
        validators=[
            InputRequired(_l("Say why you need the full numbers.")),
            Length(min=4, max=300, message=_l("Give the reason in 4 to 300 characters.")),
        ],
    )


class SubmitForm(PortalForm):
    """Hand in; the key makes a second click harmless."""

    key = HiddenField(validators=[InputRequired(), Length(min=20, max=64)])

"""Sending mail, and the signed links inside it.

| variable | meaning | by default |
|---|---|---|
| ESTEEM_MAIL | `smtp://user:password@host:587` (STARTTLS), `smtps://host:465`, or `console` | console: shown, sent nowhere |
| ESTEEM_MAIL_FROM | the sender | directory@localhost |
| ESTEEM_ADDRESS | how people reach the site, for links | http://127.0.0.1:8765 |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

from esteem.terms.problems import Problem

_SALT = "esteem.directory.link"


def mail_settings(environment: Mapping[str, str]) -> dict:
    """Django's settings of mail. Raises Problem `mail-address-wrong`."""
    address = environment.get("ESTEEM_MAIL", "console").strip() or "console"
    sender = {"DEFAULT_FROM_EMAIL": environment.get("ESTEEM_MAIL_FROM", "directory@localhost")}
    if address == "console":
        return sender | {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        rule = "ESTEEM_MAIL is `console` or the address of a mail server."
        raise Problem("mail-address-wrong", rule, parts.scheme or "no scheme", "Write smtp://user:password@host:587.")
    encrypted = parts.username is not None or parts.hostname not in ("localhost", "127.0.0.1", "::1")
    return sender | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and encrypted,  # never a password, never a stranger's network in the clear
        "EMAIL_TIMEOUT": 20,
    }


def send(subject: str, text: str, recipients: Sequence[str]) -> int:
    """One mail to each recipient by itself; how many the server took. Raises Problem `mail-failed`."""
    from smtplib import SMTPException

    from django.core.mail import EmailMessage, get_connection

    messages = [EmailMessage(subject, text, to=[recipient], headers={"Auto-Submitted": "auto-generated"}) for recipient in recipients]
    try:
        return get_connection().send_messages(messages) or 0
    except (SMTPException, OSError) as failure:
        remedy = "Check ESTEEM_MAIL, and try again; what was sent is noted and not sent twice."
        raise Problem("mail-failed", "The mail server takes the message.", f"{type(failure).__name__}"[:100], remedy) from None


def signed(token: str) -> str:
    """A one-time token with the site's signature, for an address. A forged one is refused before the database is asked."""
    from django.core.signing import Signer

    return Signer(salt=_SALT).sign(token)


def unsigned(text: str) -> str:
    """The token of a signed address. Raises Problem `link-unknown`."""
    from django.core.signing import BadSignature, Signer

    try:
        return Signer(salt=_SALT).unsign(text)
    except BadSignature:
        rule, remedy = "A link works as it stood in the message.", "Open the link from the message again, or ask for a new one."
        raise Problem("link-unknown", rule, "a link that was cut or changed", remedy) from None

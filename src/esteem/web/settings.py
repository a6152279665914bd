"""Django's settings. Everything that differs between installations comes from the environment; nothing has an unsafe default.

| variable | meaning | by default |
|---|---|---|
| ESTEEM_HOME | what this installation keeps (terms/home.py) | ~/.local/share/esteem |
| ESTEEM_SECRET_KEY | secret of the site | made once, kept in ESTEEM_HOME (web/secret.py) |
| ESTEEM_HOSTS | names the site answers to, with commas between | this machine only |
| ESTEEM_DATABASE_URL | PostgreSQL server that keeps the records (web/databases.py) | a file in ESTEEM_HOME |
| ESTEEM_SEARCH_BACKEND | engine of the directory's search: tantivy, in the process, or postgresql, on that server | tantivy |
| ESTEEM_MAIL, ESTEEM_MAIL_FROM, ESTEEM_ADDRESS | mail server, sender, address in links (web/mail.py) | shown on the console |
| ESTEEM_HTTPS | `yes` when a proxy in front speaks https: secure cookies, strict transport security | no |
"""

from __future__ import annotations

import os

from esteem.terms.home import home
from esteem.web.databases import database, search_engine
from esteem.web.mail import mail_settings
from esteem.web.secret import secret_key

_HOME = home()

DEBUG = False
SECRET_KEY = secret_key(_HOME)
ALLOWED_HOSTS = [name for name in os.environ.get("ESTEEM_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name]

INSTALLED_APPS = ["esteem.store"]
MIDDLEWARE = [
    "esteem.web.middleware.security_headers",
    "esteem.web.api.sharing.open_to_other_sites",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "esteem.web.middleware.in_the_language_asked",
    "esteem.web.middleware.AsAtAndProblems",
    "esteem.web.middleware.reading_only",
    "esteem.web.sending_limit.limits_sending",
    "django.middleware.csrf.CsrfViewMiddleware",
]
ROOT_URLCONF = "esteem.web.urls"
WSGI_APPLICATION = "esteem.web.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "esteem.web.jinja.environment"},
    }
]

DATABASES = {"default": database(os.environ, _HOME)}
SEARCH_BACKEND = search_engine(os.environ)
SEARCH_SERVER = os.environ.get("ESTEEM_DATABASE_URL", "").strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

globals().update(mail_settings(os.environ))
SITE_ADDRESS = os.environ.get("ESTEEM_ADDRESS", "http://127.0.0.1:8765").rstrip("/")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

_HTTPS = os.environ.get("ESTEEM_HTTPS", "no") == "yes"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "esteem.web.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A wrong address is the visitor's news, not the operator's.
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

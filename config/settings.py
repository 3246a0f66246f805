"""All settings in one place, in the order a reader asks for them. Values that differ between installations come
from the environment through `config.environment`; README.md, section Configuration, lists them."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from config import environment as env
from config import security
from config.logs import LOGGING as LOGGING
from config.logs import configure_structlog

BASE_DIR = Path(__file__).resolve().parent.parent

# --- this installation -------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG")
SUGGESTIONS_ARE_ON = env.flag("SUGGESTIONS_ARE_ON", True)  # what a text suggests, beside forms (docs/suggestions.md)
DEMO = env.flag("DEMO", DEBUG)  # invented people may sign in; refused where BASE_URL is https
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = env.keys("FIELD_KEYS")  # seal what nobody may read in the database (docs/adr/0006)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SYSTEM_CONTACT = env.text("SYSTEM_CONTACT", "")  # whom to ask for a role: a name, a telephone number
AUTHORITY_NAME = env.text("AUTHORITY_NAME", "Sở Y tế Thành phố Hồ Chí Minh")

# --- what is installed -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # the console's theme comes before the admin that it dresses
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "console.apps.ConsoleSiteConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "pgtrigger",
    "import_export",
    "django_structlog",
    # the house, from the ground up (docs/adr/0001)
    "common",
    "facilities",
    "accounts",
    "links",
    "audit",
    "notifications",
    "deadlines",
    "feedback",
    "directives",
    "incidents",
    "inspections",
    "suggestions",
    "console.apps.ConsoleConfig",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.security.SafetyHeadersMiddleware",
    "common.middleware.BrokenTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signin.middleware.SecondFactorMiddleware",
    "accounts.middleware.ChosenLanguageMiddleware",
    "common.middleware.WrongMethodMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "audit.middleware.RefusalMiddleware",
    "accounts.access.middleware.ScopeMiddleware",  # innermost: its transaction is as short as the page
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.authority",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- where things are kept ---------------------------------------------------------------------------------------
DATABASES = {"default": {**env.database(), "ENGINE": "config.postgresql"}}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # accounts.access.middleware opens one that also says who asks
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = False
# Web and worker become the application's role, which owns nothing and sees nothing without a scope; commands stay the
# owner and work for the system (docs/adr/0008).
DATABASE_ROLE = env.text("DATABASE_ROLE", "")
if DATABASE_ROLE:
    # as an option of the connection: Django's `assume_role` is a statement more for each
    DATABASES["default"]["OPTIONS"]["options"] = f"-c role={DATABASE_ROLE}"
else:
    DATABASES["default"]["OPTIONS"]["options"] = "-c langnghe.system=on"
# plans are kept for the statements of `common.statements`; not behind a pooler that shares connections per transaction
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 5 if env.flag("DB_PREPARE", True) else None
# A thread of the web server keeps its connection, with the plans it learned (deploy/gunicorn.conf.py); it is looked at
# before each request, so that one which the server ended meanwhile fails nobody. Everybody else opens one when needed.
DATABASES["default"]["CONN_MAX_AGE"] = env.number("DB_CONN_MAX_AGE", 0)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
WEB_CONNECTIONS = env.number("WEB_WORKERS", 2) * env.number("WEB_THREADS", 4)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "ln",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2, "serializer": "config.cache.JsonSerializer"},
    }
}

MEDIA_ROOT = env.folder("MEDIA_ROOT", BASE_DIR / ".run" / "media")
MEDIA_URL = "/tep/"  # never served by the web server: attachments go through a view that asks who may see them
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
if DEBUG:
    STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif env.flag("COMPRESS_STATIC", True):
    STATIC_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
else:  # `dev.py`: nothing crosses a network, and a first start is waited for
    STATIC_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = {
    "default": env.files(),
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes, without files: a text of 10 MB is refused before it is read
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
ATTACHMENT_MAX_BYTES = env.number("ATTACHMENT_MAX_MB", 10) * 1024 * 1024
ATTACHMENT_MAX_COUNT = env.number("ATTACHMENT_MAX_COUNT", 5)
UPLOAD_MAX_PIXELS = env.number("UPLOAD_MAX_MEGAPIXELS", 50) * 1_000_000  # telephones take pictures of 48
UPLOAD_MAX_PAGES = env.number("UPLOAD_MAX_PAGES", 100)
CLAMD_URL = env.scanner("CLAMD_URL")

# where the quick exit of the confidential pages leads: something that anybody looks up
QUICK_EXIT_URL = env.text("QUICK_EXIT_URL", "https://www.google.com/search?q=th%E1%BB%9Di+ti%E1%BA%BFt+h%C3%B4m+nay")

# --- signals from incidents --------------------------------------------------------------------------------------
# of a hundred quiet years of one facility and type, so many may give a false alarm. Source: policy of the department
# (no law names one); the delays that the page states were measured at 2
SIGNAL_FALSE_ALARMS_PERCENT = env.number("SIGNAL_FALSE_ALARMS_PERCENT", 2, range(1, 21))

# --- people ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.signin.passwords.HardToGuess"},
]
LOGIN_URL = "/console/login/"
LOGIN_REDIRECT_URL = "/console/"
SESSION_ENGINE = "accounts.signin.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 15)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# signing in (docs/adr/0007): no registration, no rate limits in the cache; ours stand in the database
AUTHENTICATION_BACKENDS = ["accounts.backends.GrantBackend"]
ACCOUNT_ADAPTER = "accounts.signin.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers, who are answered as if there were one
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "accounts.signin.forms.PasswordForm",
    "reset_password": "accounts.signin.forms.ForgottenForm",
    "confirm_password_reset_code": "accounts.signin.forms.MailedCodeForm",
    "reset_password_from_key": "accounts.signin.forms.NewPasswordForm",
}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # a code, not a link: links stand in logs and histories
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "accounts.signin.adapters.FactorAdapter"
MFA_FORMS = {"authenticate": "accounts.signin.forms.CodeForm"}
MFA_TOTP_ISSUER = "Lắng Nghe"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off

# --- language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
PHONENUMBER_DEFAULT_REGION = "VN"

# --- work in the background --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    # beat is only a metronome: what is due stands in the database, a missed or doubled tick changes nothing
    "sweep-deadlines": {
        "task": "deadlines.tasks.sweep_deadlines",
        "schedule": 3.0,  # a step is late by this much at most, and by as long as the sweep takes
        "options": {"expires": 3},
    },
    "recalculate-deadlines": {
        "task": "deadlines.tasks.recalculate_deadlines",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "end-pauses": {
        "task": "deadlines.tasks.end_pauses",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "deliver-notifications": {
        "task": "notifications.tasks.deliver_notifications",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "refresh-day-counts": {
        "task": "feedback.tasks.refresh_day_counts",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "check-held-files": {
        "task": "common.tasks.check_held_files",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "drop-old-drafts": {
        "task": "feedback.tasks.drop_old_drafts",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "work-through-runs": {  # files of cases, lists of other systems: somebody looks on
        "task": "feedback.tasks.work_through_runs",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "look-after-runs": {
        "task": "feedback.tasks.look_after_runs",
        "schedule": crontab(hour=6, minute=15),
        "options": {"expires": 3600},
    },
    "read-mailbox": {
        "task": "feedback.tasks.read_mailbox",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "tell-weeks": {  # each hour until it is done: a Monday without a worker is made up for
        "task": "incidents.tasks.tell_weeks",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "open-returns": {
        "task": "incidents.tasks.open_returns",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "find-signals": {  # a week is judged once it is over; looking again finds nothing new
        "task": "incidents.tasks.find_signals",
        "schedule": 6 * 3600.0,
        "options": {"expires": 6 * 3500},
    },
    "learn-suggestions": {  # a candidate only: a person puts it to use (docs/suggestions.md)
        "task": "suggestions.tasks.learn_from_confirmed_cases",
        "schedule": crontab(day_of_week="sunday", hour=3, minute=30),
        "options": {"expires": 3600},
    },
    "lift-ended-suspensions": {
        "task": "facilities.tasks.lift_ended_suspensions",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "expand-obligations": {
        "task": "directives.tasks.expand_obligations",
        "schedule": 60.0,  # asks five numbers, and works only when one of them changed
        "options": {"expires": 55},
    },
    "seal-audit": {
        "task": "audit.tasks.seal_audit",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "verify-audit": {
        "task": "audit.tasks.verify_audit",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3600},
    },
    "forget-old-attempts": {
        "task": "accounts.tasks.forget_old_attempts",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
}
MESSAGES_BEFORE_DIGEST = env.number("MESSAGES_BEFORE_DIGEST", 20)  # about deadlines, to one person within an hour
SCHEDULER_SILENCE_LIMIT = 90  # seconds without a tick before /health/ready says so

# --- mail --------------------------------------------------------------------------------------------------------
vars().update(env.email())
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "lang-nghe@example.invalid")

MAILBOX_URL = env.mailbox("MAILBOX_URL")  # feedback by e-mail; none where this is empty
MAILBOX_ADDRESS = env.text("MAILBOX_ADDRESS", DEFAULT_FROM_EMAIL)  # as which receipts are sent; letters from it: a loop
MAILBOX_CHANNEL = env.text("MAILBOX_CHANNEL", "EMAIL")
MAILBOX_PER_HOUR = env.number(
    "MAILBOX_PER_HOUR", 10
)  # of one sender; what is beyond goes to their last case, unanswered
MAILBOX_MAX_BYTES = (ATTACHMENT_MAX_COUNT + 1) * ATTACHMENT_MAX_BYTES * 3 // 2  # files are written in base64

# --- messages over HTTP (docs/gateways.md) -----------------------------------------------------------------------
GATEWAYS = {
    channel: found
    for channel, name in (("sms", "SMS_GATEWAY"), ("zalo", "ZALO_GATEWAY"), ("webhook", "WEBHOOK"))
    if (found := env.gateway(name))
}
GATEWAY_TIMEOUT = 10  # seconds for a connection, and again for the whole answer

NUM_PROXIES = env.number("NUM_PROXIES", 0)  # of our own, in front: whose word about addresses counts

# --- the API -----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ClientTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.IsKnown"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.inputs.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "common.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "common.api.problem_response",
    "DEFAULT_THROTTLE_RATES": {"intake": "600/min", "public": "20/min"},
    "NUM_PROXIES": NUM_PROXIES,
}
OPEN311_JURISDICTION = env.text("OPEN311_JURISDICTION", env.host(BASE_URL))  # what civic apps call this department
SPECTACULAR_SETTINGS = {
    "TITLE": "Lắng Nghe API",
    "DESCRIPTION": _("Cases, facilities, channels, categories and deadlines of a provincial Department of Health."),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "CaseStatus": "feedback.choices.Status",
        "CaseKind": "feedback.choices.Kind",
        "Audience": "feedback.choices.Audience",
        "Outcome": "feedback.choices.Outcome",
        "IntakeMethod": "feedback.choices.IntakeMethod",
        "FacilityStatus": "facilities.choices.FacilityStatus",
        "FacilityType": "facilities.choices.FacilityType",
        "NameKind": "facilities.choices.NameKind",
        "AreaKind": "facilities.choices.AreaKind",
        "AliasKind": "facilities.choices.AliasKind",
        "DeadlineState": "deadlines.choices.State",
        "RunState": "feedback.models.runs.RunState",
        "DifferenceKind": "feedback.models.runs.DifferenceKind",
        "IncidentStatus": "incidents.choices.Status",
        "WasTold": "incidents.choices.Told",
        "DirectiveState": "directives.choices.DirectiveState",
        "ObligationState": "directives.choices.ObligationState",
        "DutyStatus": "directives.choices.Status",
    },
}
API_TOKEN_MEMORY = env.number("API_TOKEN_MEMORY", 0)  # seconds; see accounts.api.authentication
REST_KNOX = {"TOKEN_TTL": timedelta(days=365), "AUTO_REFRESH": False}

# --- safety ------------------------------------------------------------------------------------------------------
IS_HTTPS = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", IS_HTTPS)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": security.STRICT}  # the console's own stands beside it
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- history and the console -------------------------------------------------------------------------------------
SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

UNFOLD = {
    "SITE_TITLE": "Lắng Nghe",
    "SITE_HEADER": "Lắng Nghe",
    "SITE_SUBHEADER": AUTHORITY_NAME,
    "SITE_URL": "/",
    "SITE_ICON": "console.style.mark",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "console.style.mark"}],
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "console.style.language_action"},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "ACCOUNT": {"navigation": "console.navigation.account"},
    "STYLES": ["console.style.colours", "console.style.stylesheet"],
    "SCRIPTS": ["console.style.script", "console.style.idle_script"],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "console.navigation.sidebar",
    },
}

configure_structlog()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data; the request id is enough to find a fault
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"

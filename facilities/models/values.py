"""What a code and a telephone number look like."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

CODE = RegexValidator(r"^[\w.\-/]+$", _("Letters, digits, dots, dashes, slashes and underscores only."))
NUMBER = RegexValidator(r"^\+?\d{3,15}$", _("Digits only, 3 to 15 of them, for example 02838123456 or 19009095."))

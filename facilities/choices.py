"""The closed lists of the registry: kinds of areas and facilities, owners, managers, licences."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AreaKind(TextChoices):
    PROVINCE = "province", _("province or municipality")
    WARD = "ward", _("ward")
    COMMUNE = "commune", _("commune")
    SPECIAL_ZONE = "special_zone", _("special zone")


class AliasKind(TextChoices):
    FORMER_PROVINCE = "former_province", _("former province")
    FORMER_DISTRICT = "former_district", _("former district or town")
    OTHER = "other", _("other name")


class FormerArea(TextChoices):
    """The three provinces that became Ho Chi Minh City on 1 July 2025: habits still follow them."""

    CITY = "tphcm_cu", _("Ho Chi Minh City (former)")
    BINH_DUONG = "binh_duong", _("Binh Duong (former)")
    BA_RIA_VUNG_TAU = "ba_ria_vung_tau", _("Ba Ria - Vung Tau (former)")


class UnitKind(TextChoices):
    DIVISION = "division", _("division")
    WORKING_GROUP = "working_group", _("working group")
    BRANCH = "branch", _("sub-department")


class FacilityType(TextChoices):
    """Forms of organisation (Law 15/2023/QH15, Decree 96/2023) and other objects of complaints."""

    GENERAL_HOSPITAL = "BVDK", _("general hospital")
    SPECIALISED_HOSPITAL = "BVCK", _("specialised hospital")
    TRADITIONAL_HOSPITAL = "BVYHCT", _("traditional medicine hospital")
    DENTAL_HOSPITAL = "BVRHM", _("dental hospital")
    INFIRMARY = "BX", _("infirmary of the armed forces")
    MATERNITY_HOME = "NHS", _("maternity home")
    POLYCLINIC = "PKDK", _("polyclinic")
    SPECIALIST_CLINIC = "PKCK", _("specialist clinic")
    MULTI_SPECIALTY_CLINIC = "PKLCK", _("multi-specialty clinic")
    PHYSICIAN_CLINIC = "PKBSYK", _("physician's clinic")
    ASSISTANT_DOCTOR_CLINIC = "PKYS", _("assistant doctor's clinic")
    TRADITIONAL_CLINIC = "PKYHCT", _("traditional medicine clinic")
    DENTAL_CLINIC = "PKRHM", _("dental clinic")
    NUTRITION_CLINIC = "PKDD", _("nutrition clinic")
    TREATMENT_ROOM = "PCT", _("traditional medicine treatment room")
    HEALTH_STATION = "TYT", _("commune health station")
    EMERGENCY_SERVICE = "CC115", _("pre-hospital emergency service")
    FAMILY_MEDICINE = "BSGD", _("family medicine practice")
    LABORATORY = "CLS", _("laboratory or imaging service")
    OTHER_SERVICE = "DV", _("nursing, midwifery, prosthetics, optics or other service")
    MEDICAL_CENTRE = "TTYT", _("medical centre")
    DISEASE_CONTROL = "CDC", _("centre for disease control")
    DRUG_TESTING = "KN", _("drug and food testing centre")
    MEDICAL_ASSESSMENT = "GDYK", _("medical assessment centre")
    FORENSIC = "PY", _("forensic medicine centre")
    EMERGENCY_CENTRE = "TTCC", _("115 emergency centre")
    PHARMACY = "NT", _("pharmacy")
    COSMETICS = "MP", _("cosmetics business")
    MEDICAL_DEVICES = "TBYT", _("medical device business")
    UNLICENSED = "TM_KHONGPHEP", _("unlicensed or beauty establishment")


class Ownership(TextChoices):
    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")
    FOREIGN = "foreign", _("foreign-invested")
    NONE = "none", _("not established")


class ManagingBody(TextChoices):
    """Who a facility belongs to. Who licenses and checks it is its professional supervisor."""

    DOH = "DOH", _("Department of Health")
    COMMUNE_PC = "COMMUNE_PC", _("commune People's Committee")
    MOH = "MOH", _("Ministry of Health")
    MOD = "MOD", _("Ministry of National Defence")
    MPS = "MPS", _("Ministry of Public Security")
    MINISTRY = "MINISTRY", _("another ministry or central body")
    UNIVERSITY = "UNIVERSITY", _("university")
    PRIVATE = "PRIVATE", _("private owner")


class Supervisor(TextChoices):
    DOH = "DOH", _("Department of Health")
    MOH = "MOH", _("Ministry of Health")
    MOD = "MOD", _("Ministry of National Defence")
    MPS = "MPS", _("Ministry of Public Security")


class TechnicalLevel(TextChoices):
    """Law 15/2023/QH15, article 104."""

    INITIAL = "initial", _("initial")
    BASIC = "basic", _("basic")
    SPECIALISED = "specialised", _("specialised")


class HospitalClass(TextChoices):
    SPECIAL = "special", _("special class")
    I = "1", _("class I")  # noqa: E741
    II = "2", _("class II")
    III = "3", _("class III")
    IV = "4", _("class IV")


class FacilityStatus(TextChoices):
    ACTIVE = "active", _("in operation")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", pgettext_lazy("facility", "ended")
    UNLICENSED = "unlicensed", _("without licence")


class NameKind(TextChoices):
    OFFICIAL = "official", _("official name")
    FORMER = "former", _("former name")
    ALIAS = "alias", _("other name people use")
    SHORT = "short", _("short name")


class LicenceAct(TextChoices):
    GRANTED = "granted", _("granted")
    CHANGED = "changed", _("changed")
    SUSPENDED = "suspended", _("suspended")
    RESUMED = "resumed", _("suspension lifted")
    REVOKED = "revoked", _("revoked")


class CallResult(TextChoices):
    """What a call to a posted number found."""

    ANSWERED = "answered", pgettext_lazy("hotline", "answered")
    UNANSWERED = "unanswered", pgettext_lazy("hotline", "not answered")
    WRONG = "wrong", pgettext_lazy("hotline", "wrong number")

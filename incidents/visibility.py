"""Who sees which incidents and which parts of them: the declarations behind lists, pages, history and messages.

A facility sees its own, drafts as well; the department what was sent to it: the division in charge its own, leads,
directors and auditors all. Whoever is kept from a facility sees nothing of its incidents."""

from accounts.access import Absent, Flag, In, Nobody, Of, OneOf, Own, Right, Through, Via
from incidents.choices import SENT, Side

EVERY = Right("incidents.view_every_incident")
DIVISION = Right("incidents.view_division_incident")
FACILITY = Right("incidents.view_facility_incident")
OWN = FACILITY & In("facility", "facilities")
WAS_SENT = OneOf("status", tuple(str(status) for status in SENT))
RECUSED = In("facility", "recused_facilities")
# systems that exchange incidents: what was sent, of the facilities that they are limited to
SYSTEM = Right("incidents.exchange_incident") & (
    ~Flag("is_limited", "a system limited to some facilities") | In("facility", "client_facilities")
)

INCIDENT = (OWN | WAS_SENT & (EVERY | DIVISION & In("division", "divisions") | SYSTEM)) & ~RECUSED
OF_INCIDENT = Through("incident", INCIDENT)
# what a draft was before it was sent is the facility's business
PAST_OF_INCIDENT = Of("id", "incidents.Incident") & (In("facility", "facilities") | WAS_SENT)
SEALED = Nobody("by deeds only")

# each side reads its own conversation with the reporter; whoever is no side reads neither
TALK = OF_INCIDENT & (
    OneOf("side", (str(Side.FACILITY),)) & Via("incident", OWN)
    | OneOf("side", (str(Side.DEPARTMENT),)) & (EVERY | DIVISION)
)

# an analysis that is being written is the facility's business too
_OWN_OR_SENT = Via("incident", OWN) | WAS_SENT
ANALYSIS = OF_INCIDENT & _OWN_OR_SENT
OF_ANALYSIS = Through("analysis", ANALYSIS)
PAST_OF_ANALYSIS = Of("id", "incidents.Analysis") & _OWN_OR_SENT

# what the incident unit tells its own head
WEEK = OWN & ~RECUSED
# actions carry facility and division themselves: they may stand without an incident, and are begun after it was sent
ACTION = (OWN | EVERY | DIVISION & In("division", "divisions")) & ~RECUSED
OF_ACTION = Through("action", ACTION)
PAST_OF_ACTION = Of("id", "incidents.Action")

NAMED_REQUEST = OF_INCIDENT & Via("incident", OWN) & (Right("incidents.approve_named") | Own("asked_by"))

# returns: a facility its own; the department all, the division in charge through its division; recusals as above
RETURN = (OWN | EVERY | DIVISION & In("division", "divisions")) & ~RECUSED
OF_RETURN = Through("about", RETURN)
PAST_OF_RETURN = Of("id", "incidents.Return")
# what is being written into one is its author's business: a facility's its own, the letter's the department's
UNSIGNED = OF_RETURN & Via("about", OWN | Absent("facility"))
RETURN_FILE = Through("edition", OF_RETURN)

# alerts are the department's; a facility reads the published words through its receipt (`incidents.alerts.receiving`)
ALERT = EVERY | DIVISION & In("division", "divisions")
OF_ALERT = Through("alert", ALERT)
PAST_OF_ALERT = Of("id", "incidents.Alert")
RECEIPT = (OWN | OF_ALERT) & ~RECUSED
OF_RECEIPT = Through("receipt", RECEIPT)
PAST_OF_RECEIPT = Of("id", "incidents.AlertReceipt")

# a signal at a facility from which somebody is kept is not theirs to see; one of all facilities together is
SIGNAL = ALERT & ~RECUSED
PAST_OF_SIGNAL = Of("id", "incidents.Signal")

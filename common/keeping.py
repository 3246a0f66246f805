"""What the database itself refuses to do to rows that stay, whatever the door: the console, a script, psql.

An undertaking of the law's kind (erasing an identity) is not here yet; it will switch a trigger off by name
(`pgtrigger.ignore`), in its own transaction and with an audit entry. Tests and benchmarks empty their own databases
the same way."""

import pgtrigger

NOT_EMPTIED = pgtrigger.Trigger(
    name="not_emptied",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
)
KEPT = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete), NOT_EMPTIED]
APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete), NOT_EMPTIED]

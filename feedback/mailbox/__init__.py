"""Inbound e-mail: a mailbox (IMAP or maildir) is read once a minute; each letter becomes a
case and gets its receipt."""

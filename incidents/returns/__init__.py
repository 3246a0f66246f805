"""Periodic returns: figures of the sent reports as of a moment, signed, frozen and handed out as XLSX and DOCX."""

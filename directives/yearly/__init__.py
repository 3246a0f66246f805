"""The annual report pack: figures of the duties of a year as of a moment, frozen and handed out as XLSX and DOCX."""

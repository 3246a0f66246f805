"""Official papers as XLSX and DOCX: laid out once, the same bytes each time."""

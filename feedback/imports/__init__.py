"""Cases from a spreadsheet: looked through first, stored once somebody has confirmed, each row by itself and once."""

"""What the press, social networks or the public raise: a way in for the department and one for the facility, the same
link known again, and what the facility reports at once."""

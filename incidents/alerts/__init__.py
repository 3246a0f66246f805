"""What the department tells facilities about incidents, and what each facility does with it."""

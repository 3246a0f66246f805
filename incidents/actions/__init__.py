"""What a facility does after an incident, from the plan to whether it held: one small table of moves, its clocks, who
verifies, and what happens when the same cause comes back."""

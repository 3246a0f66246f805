"""What the numbers of incidents say, and what they do not: charts over time, facilities beside each other, changes."""

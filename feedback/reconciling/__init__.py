"""Reconciliation (đối soát): what another system says it sent, against what is held."""

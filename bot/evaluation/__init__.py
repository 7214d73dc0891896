"""Measuring answers: question sets with gold, scores, tables and a report."""

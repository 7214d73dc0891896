"""The prompts for chat models, one readable file each."""

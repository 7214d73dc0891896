"""Slash commands and context menus, by area. Their bodies are thin."""

"""What we know: documents, versions, passages; finding them; giving back exact words."""

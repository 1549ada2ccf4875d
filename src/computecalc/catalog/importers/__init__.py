"""Foreign descriptions of models, read into the catalog's own form."""

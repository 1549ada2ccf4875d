"""Reports: one renderer a file; they read estimates and format, nothing else."""

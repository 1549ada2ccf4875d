"""Sweeps: design spaces of up to a hundred million cases, evaluated in columns and written as Parquet."""

"""Several real kernels in one tree: what each sees of what the others do, promise by promise (docs/promises.md)."""

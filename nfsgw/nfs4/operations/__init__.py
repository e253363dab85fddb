"""One function per operation, named as the RFC names it, in modules by theme; `optable.py` beside this folder binds
them."""

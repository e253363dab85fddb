# make serve: an environment of its own in .venv, then the gateway on ./data, 127.0.0.1:2049.
# make test:  every check and test, installing what they need.

PYTHON ?= python3
VENV ?= .venv

.PHONY: serve test clean

serve: $(VENV)/serve.stamp
	$(VENV)/bin/nfsgw serve --data-dir data --listen 127.0.0.1 --port 2049

test:
	PYTHON=$(PYTHON) VENV=$(VENV)-test tests/run

$(VENV)/serve.stamp: pyproject.toml setup.py $(shell find nfsgw -name '*.py' -o -name '*.sql')
	PYTHON=$(PYTHON) tests/prepare $(VENV)
	$(VENV)/bin/pip install --quiet .
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-test build *.egg-info

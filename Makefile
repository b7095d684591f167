# The two commands are `make serve` and `make test`; `make help` lists the rest.
# PORT=8001 make serve (or make serve PORT=8001) chooses the port.

# An empty PYTHON means: the newest of 3.13, 3.12 and 3.11 that is here.
PYTHON ?=
PIP := .venv/bin/python -m pip --disable-pip-version-check
BASE := .venv/base.stamp
DEV := .venv/dev.stamp
LOCK := .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-config

.DEFAULT_GOAL := help
.PHONY: help install serve test format lock messages screenshots

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

install: $(BASE) ## Make .venv and install what Skycrumbs needs to run
	@echo "Skycrumbs is installed in .venv; make serve starts it."

serve: $(BASE) .env ## Serve Skycrumbs on 127.0.0.1, port 8000 or PORT, until Ctrl-C
	@exec .venv/bin/python manage.py serve

test: $(DEV) ## Run every check and every test
	@exec .venv/bin/python -m ops.run_tests

format: $(DEV) ## Format the Python code and mend what can be mended
	.venv/bin/python -m ruff format .
	.venv/bin/python -m ruff check --fix .

lock: $(BASE) ## Choose versions anew within the ranges of requirements*.in
	$(PIP) install --quiet uv
	$(LOCK) --upgrade requirements.in --output-file requirements.txt
	$(LOCK) --upgrade requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt

messages: $(DEV) ## Gather what is to be translated into locale/, and compile what is
	@exec .venv/bin/python -m ops.messages

screenshots: $(DEV) ## Take the pictures in docs/images/ anew
	@exec .venv/bin/python -m ops.screenshots

.venv/bin/python:
	@sh ops/make_venv.sh "$(PYTHON)"

# The stamps make a second run quick; a changed lock makes it install again.
$(BASE): requirements.txt .venv/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(BASE)
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@.venv/bin/python -m ops.write_env .env

# Everything that a contributor does. `make` alone lists it.

PYTHON ?= python3
LAUNCH = $(PYTHON) -m bot.launch
WEB = .venv/bin/python
UV = .tools/uv/bin/uv
DOCS = .tools/site/bin/python
COMPILE = $(UV) pip compile --quiet --generate-hashes --custom-compile-command "make lock"

# Hundreds of processes start in the tests: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help run test test-whole test-fast test-pages lint train nlu-report catalogs docs transcripts golden screens canary chaos-outbox chaos chaos-releases degraded fuzz attacks flood drill audit sbom mutation bench bench-smoke lock audit-env docs-env docs-site test-env nlu-env python

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "%-23s%s\n", $$1, $$2 }'

run: python ## install, train and start everything; Ctrl-C stops it (PORT=8001 make run: on another port)
	@$(LAUNCH) run

test: test-env lint docs-env ## the bot, the trained model, the Procfile; of what takes long (browser, PostgreSQL, processes) a sixth, by a fixed seed
	@$(LAUNCH) model
	@$(LAUNCH) browser
	@$(LAUNCH) carrier
	@$(WEB) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-whole: test-env docs-env ## every test and every case, 20,000 services: three times as long (docs/reliability.md)
	@$(LAUNCH) model
	@$(LAUNCH) browser
	@$(LAUNCH) carrier
	@WHOLE=on $(WEB) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# What decides what a family is answered. Stores, console and processes take minutes, and are for `make test`.
FAST = $(addprefix tests/, engine wording intents directory escalation channels test_golden.py test_conversation.py test_architecture.py)

test-fast: test-env ## what families are answered: engine, words, understanding, directory, golden conversations, and who may import whom
	@$(WEB) -m pytest -m "not slow" -n 2 $(FAST)

test-pages: test-env ## the pages of the console in a browser, each in both languages and both widths
	@$(LAUNCH) browser
	@WHOLE=on EVERY_LOOK=on $(WEB) -m pytest -n 2 --dist loadfile tests/console

lint: test-env ## ruff, mypy, and the sentences that the model learns from
	@$(WEB) -m ruff check
	@$(WEB) -m mypy
	@$(WEB) nlu/lint.py

train: test-env nlu-env ## train the understanding model on nlu/data, compare it with the one in place; it must miss no more danger
	@$(WEB) nlu/retrain.py

nlu-report: test-env ## how well model and bot understand each language: writes docs/nlu-report.md and its picture
	@$(LAUNCH) model
	@$(WEB) nlu/report.py

catalogs: test-env ## bring locales/ up to date with flows/
	@ENVIRONMENT=development $(WEB) -m flask --app webhook content merge

docs: test-env ## write the pages of docs/ that are made from the data: what is to be verified, how far help is, what answers cost
	@ENVIRONMENT=development $(WEB) -m flask --app webhook content to-verify --write
	@ENVIRONMENT=development $(WEB) -m flask --app webhook content walk --write
	@ENVIRONMENT=development $(WEB) -m flask --app webhook content report --write
	@$(WEB) -m tests.directory.places_page

docs-site: docs-env ## docs/ as a site that asks nothing of other hosts: writes site/, to be opened from there
	@NO_MKDOCS_2_WARNING=1 $(DOCS) -m mkdocs build --clean

transcripts: test-env ## write docs/transcripts: each flow in each language, for a reviewer to read on paper
	@ENVIRONMENT=development $(WEB) -m flask --app webhook content transcripts

golden: test-env ## write the golden conversations (tests/conversations) again from what the bot answers now
	@$(WEB) -m pytest tests/test_golden.py --update-golden

screens: test-env ## pictures of every page of the console, for docs/screens and the guides
	@$(LAUNCH) browser
	@$(WEB) -m tests.console.screens
	@$(WEB) -m tests.docs.crops

PEOPLE ?= 200
SEED ?= 5

canary: test-env ## what 200 people write, through errors, crashes and erasing, is searched for in every byte: docs/reliability.md
	@$(LAUNCH) model
	@$(WEB) -m tests.canary --people $(PEOPLE) --seed $(SEED) --write
	@$(WEB) -m pytest tests/test_log_faults.py --every-line

MESSAGES ?= 200
KILLS ?= 6
WORKERS ?= 1
DATABASE ?= sqlite
PACE ?= 1
OUTBOX_SECONDS ?= 1800

chaos-outbox: test-env ## replies of staff while Twilio fails in every way and the worker is killed with -9 (DATABASE=postgresql: there; MESSAGES=10000 KILLS=20 PACE=0.02 OUTBOX_SECONDS=7200: many, a worker's pauses cut): docs/reliability.md
	@$(LAUNCH) carrier
	@$(WEB) -m tests.carrier --messages $(MESSAGES) --kills $(KILLS) --workers $(WORKERS) --database $(DATABASE) --seed $(SEED) --pace $(PACE) --seconds $(OUTBOX_SECONDS) --write

KILL ?= web

chaos: MESSAGES = 5000
chaos: test-env ## 5,000 messages of 200 people while web workers are killed (KILL=web, redis, nlu, worker or postgresql): docs/reliability.md
	@$(LAUNCH) model
	@$(WEB) -m tests.chaos --kill $(KILL) --messages $(MESSAGES) --people $(PEOPLE) --seed $(SEED) --write

PUBLISHES ?= 100
FLIPS ?= 1000

chaos-releases: MESSAGES = 5000
chaos-releases: test-env ## a hundred releases while families write, a thousand flipped bits, what a release costs: docs/reliability.md
	@ENVIRONMENT=test $(WEB) -m tests.releases --messages $(MESSAGES) --publishes $(PUBLISHES) --flips $(FLIPS) --seed $(SEED) --write

degraded: test-env ## what families get while Redis, SQL, the model or the disk is dead, hangs or is full, and after how long: docs/reliability.md
	@$(LAUNCH) model
	@ENVIRONMENT=test $(WEB) -m tests.degraded --write

FUZZ_CASES ?= 1000000
FUZZ_FOLDER ?= .fuzz
FUZZ_SECONDS ?= inf

fuzz: test-env ## a million requests, turns and texts that nobody would write; goes on where it stopped (FUZZ_SECONDS=900: for so long): docs/reliability.md
	@$(WEB) -m tests.fuzz $(FUZZ_FOLDER) --cases $(FUZZ_CASES) --seconds $(FUZZ_SECONDS) --seed $(SEED) --write

GUESSES ?= 10000

attacks: test-env ## every route by every role, hostile strings in every form, guessing, odd input, flipped bits (about 20 minutes): docs/reliability.md
	@$(LAUNCH) browser
	@$(WEB) -m tests.attacks --guesses $(GUESSES) --flips $(FLIPS) --seed $(SEED) --write

flood: test-env ## simulate 100,000 messages in an hour from 1,000 numbers that pump: are families answered, does the money last
	@ENVIRONMENT=test $(WEB) -m tests.flood.simulate

drill: test-env ## a backup is made, everything destroyed, and brought back on SQLite and PostgreSQL: docs/reliability.md
	@$(WEB) -m tests.drill --people $(PEOPLE) --seed $(SEED) --write

audit: audit-env ## known weaknesses of what is used, and bandit; AUDIT=required fails without a verdict
	@AUDIT=$(AUDIT) $(WEB) -m tests.supply.audit

sbom: audit-env ## what everything is made of, from the lock files, as CycloneDX JSON in sbom/
	@$(WEB) -m tests.supply.sbom sbom

mutation: audit-env ## does a test notice when signature, crypto, erasing or authorization are changed (minutes): docs/reliability.md
	@$(WEB) -m tests.supply.mutation --write

bench: test-env ## measure speed, growth and cost, each beside its peer, and write docs/benchmarks.md
	@$(LAUNCH) model
	@$(WEB) -m tests.bench --write

bench-smoke: test-env ## that all of it can be measured: the same with small numbers, writes no page
	@$(LAUNCH) model
	@$(WEB) -m tests.bench --smoke

lock: python ## resolve the lock files again, after a change of pyproject.toml or nlu/requirements.in
	@$(LAUNCH) tools
	@$(COMPILE) --universal --python-version 3.11 -o requirements.txt pyproject.toml
	@$(COMPILE) --universal --python-version 3.11 --extra test --extra data -o tests/requirements.txt pyproject.toml
	@$(COMPILE) --python-version 3.10 -o nlu/requirements.txt nlu/requirements.in
	@$(COMPILE) --universal --python-version 3.11 -o bot/launch/uv.txt bot/launch/uv.in
	@$(COMPILE) --universal --python-version 3.11 -o tests/supply/tools.txt tests/supply/tools.in
	@$(COMPILE) --universal --python-version 3.11 -o docs/site/requirements.txt docs/site/requirements.in

# An environment of its own: what looks at the bot shares no package with it.
audit-env: test-env
	@$(LAUNCH) tools
	@cmp -s tests/supply/tools.txt .tools/audit/lock.txt || { $(UV) venv --quiet --clear --python $(WEB) .tools/audit && \
		$(UV) pip sync --quiet --require-hashes --python .tools/audit/bin/python tests/supply/tools.txt && \
		cp tests/supply/tools.txt .tools/audit/lock.txt; }

# The same for what makes a site of docs/.
docs-env: test-env
	@$(LAUNCH) tools
	@cmp -s docs/site/requirements.txt .tools/site/lock.txt || { $(UV) venv --quiet --clear --python $(WEB) .tools/site && \
		$(UV) pip sync --quiet --require-hashes --python $(DOCS) docs/site/requirements.txt && \
		cp docs/site/requirements.txt .tools/site/lock.txt; }

test-env: python ## what tests need, into .venv: then .venv/bin/python -m pytest tests/engine -q
	@$(LAUNCH) test-env

nlu-env: python
	@$(LAUNCH) nlu-env

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null || { \
		echo 'Python 3.8 or newer is needed and `$(PYTHON)` is not one. Install python3 and python3-pip, or name' \
			'another Python: make run PYTHON=python3.12' >&2; exit 1; }

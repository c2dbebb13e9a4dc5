# Everything sets itself up: `make run` and `make test` need Python 3.11, a Python 3.10 somewhere, and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
export PYTHONPATH := $(CURDIR)
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export TF_CPP_MIN_LOG_LEVEL ?= 3

PYTHON := .venv/bin/python
RASA_PYTHON := bot/rasa/.venv/bin/python
UV := sh bot/run/uv.sh
# How many tests run side by side: a house of several processes is up beside them.
WORKERS ?= 2
OURS := tests --ignore=tests/sealed --ignore=tests/benchmarks
MODEL := models/fingerpost.tar.gz
# How the last training ended; newer than the model where what it made read worse and was not used.
TRAINED := models/last_training.json
ENCODER := models/encoder/meta.json
NLU := $(shell find data -name '*.yml' 2>/dev/null)

.PHONY: help
help: ## show this list
	@echo "Fingerpost: a small business says what it wants; a roadmap of real support comes back."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'
	@echo
	@echo "Settings (environment): FINGERPOST_PORT, FINGERPOST_HUB, DATABASE_URL; see README.md."

.PHONY: run
run: setup $(TRAINED) ## set everything up and serve it; Ctrl-C stops it all
	@! grep -q '"in_place": false' $(TRAINED) || echo "» an older model serves: what was trained last read worse (make train says in what)"
	@$(PYTHON) -m bot.run

.PHONY: test
test: setup $(TRAINED) ## set everything up and run every test
	@echo "» tests of the core, the actions, the doors, and journeys with every process up"
	@$(PYTHON) -m pytest $(OURS) -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS) || { \
		echo "» what failed beside other tests is tried again alone, and fails the run if it fails again"; \
		$(PYTHON) -m pytest $(OURS) --last-failed --last-failed-no-failures none $(PYTEST_ARGS); }
	@echo "» tests of the sealed Rasa side"
	@$(RASA_PYTHON) -m pytest tests/sealed -p no:cacheprovider -W ignore $(PYTEST_ARGS)

.PHONY: check
check: setup ## lint, types, and the checks of the starter pack
	@echo "» ruff" && $(PYTHON) -m ruff check . && $(PYTHON) -m ruff format --check -q .
	@echo "» mypy" && $(PYTHON) -m mypy
	@echo "» content" && .venv/bin/fingerpost content check
	@echo "» what the bot learns from" && .venv/bin/fingerpost content messages

.PHONY: train
train: setup $(MODEL) ## train the bot if what it learns from has changed; used only if it reads no worse (FORCE=1: anyhow)

.PHONY: encoder
encoder: setup $(ENCODER) ## build the sentence encoder from its checked weights

.PHONY: tune
tune: setup ## tune the sentence encoder on our own messages (a quarter of an hour and more; needs PyTorch)
	@test -x models/tuning/bin/python || $(UV) venv -q --python "$$(sh bot/run/python.sh 3.11)" models/tuning
	@$(UV) pip install -q --python models/tuning/bin/python -r bot/rasa/tuning/requirements.txt
	@PYTHONPATH="$(CURDIR)" OMP_NUM_THREADS= models/tuning/bin/python -m bot.rasa.tuning --source "$$($(RASA_PYTHON) -m bot.rasa.build_encoder --where)"

.PHONY: understanding
understanding: setup $(TRAINED) ## measure understanding on messages kept apart (STOCK=1500: with stock Rasa)
	@$(PYTHON) -m tests.understanding.measure --json $(if $(STOCK),--stock $(STOCK))

.PHONY: bench
bench: setup $(TRAINED) ## measure speed and memory as ratios, into tests/benchmarks/results
	@$(PYTHON) -m tests.benchmarks

.PHONY: setup
setup: .venv/.ready bot/rasa/.venv/.ready ## bring both environments up to their locks

.venv/.ready: requirements.lock bot/run/uv.sh bot/run/fingerpost.sh
	@echo "» our environment (about 125 packages; a minute or two the first time)"
	@test -x $(PYTHON) || $(UV) venv -q --python "$$(sh bot/run/python.sh 3.11)" .venv
	@$(UV) pip sync -q --python $(PYTHON) --require-hashes requirements.lock
	@cp bot/run/fingerpost.sh .venv/bin/fingerpost && chmod +x .venv/bin/fingerpost
	@touch $@

bot/rasa/.venv/.ready: bot/rasa/requirements.lock bot/run/uv.sh bot/run/python.sh
	@echo "» the sealed Rasa environment (about 180 packages, 2.5 GB; several minutes the first time)"
	@python310="$$(sh bot/run/python.sh 3.10)" || exit 1; \
		test -x $(RASA_PYTHON) || $(UV) venv -q --python "$$python310" bot/rasa/.venv
	@$(UV) pip sync -q --python $(RASA_PYTHON) --require-hashes bot/rasa/requirements.lock
	@touch $@

$(ENCODER): bot/rasa/build_encoder.py bot/rasa/tuned/meta.json knowledge_base/encoder.py bot/rasa/.venv/.ready
	@echo "» building the sentence encoders (once, under a minute)"
	@$(RASA_PYTHON) -m bot.rasa.build_encoder
	@touch $@

LEARNING := $(addprefix bot/rasa/,understanding.py reader.py clauses.py lexicon.py examples.py fitting.py train.py) $(wildcard bot/rasa/learning*.py) $(wildcard data/set_aside/messages.jsonl)

LEARNS_FROM := $(NLU) config.yml domain.yml $(LEARNING) $(ENCODER)
TRAIN := $(RASA_PYTHON) -m bot.rasa.train $(if $(FORCE),--force)

# `make train` tries until the new model is used. Whatever only needs a model trains once, and goes on with
# the older one where the new one is refused.
$(MODEL): $(LEARNS_FROM)
	@echo "» training the bot (under two minutes)"
	@$(TRAIN)

$(TRAINED): $(LEARNS_FROM) $(if $(wildcard $(MODEL)),,no-model)
	@echo "» training the bot (under two minutes)"
	@$(TRAIN) --or-keep-old

.PHONY: no-model
no-model:

.PHONY: clean
clean: ## remove what was built and stored here (both environments stay)
	rm -rf models/encoder models/tuned models/cache models/*.tar.gz models/last_training.json .rasa var test-results

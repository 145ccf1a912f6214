# The front door: each line calls what does the work. `make help` lists them.
B = build
.PHONY: all run test bench quality fuzz layers checklist install words help

all: $(B)/build.ninja ## build the program: build/respite
	@ninja -C $(B) --quiet respite po/zh_CN/LC_MESSAGES/respite.mo

$(B)/build.ninja:
	@meson setup $(B) >$(B).log 2>&1 || { cat $(B).log; rm -f $(B).log; exit 1; }; rm -f $(B).log

run: ## install what building needs, build, open your last twelve weeks (make run DIR=folder)
	@tools/setup build
	@$(MAKE) --no-print-directory all
	@tools/run "$(DIR)"

test: ## everything that can be tested; the last line is "N passed, N failed"
	@tools/setup build
	@tools/setup test
	@tools/check

bench: ## all figures, each beside its floor
	@tools/setup build
	@$(MAKE) --no-print-directory all
	@ninja -C build --quiet bench_arena bench_board bench_lab bench_ledger bench_papers bench_taste bench_votes bench_writer
	@bench/all; for b in arena board lab ledger papers writer; do echo; bench/$$b; done

quality: ## how good the verdicts on papers are: make quality DATA=folder of *.jsonl.gz
	@tools/setup build
	@$(MAKE) --no-print-directory all
	@ninja -C build --quiet quality
	@build/quality "$(DATA)"

fuzz: ## fuzz every reader for a minute each (MINUTES=1)
	@tools/setup build
	@tools/setup test
	@tools/fuzz $(MINUTES)

layers: ## who includes whom
	@awk -f tools/layers.awk src/LAYERS $$(find src -name '*.[ch]')

checklist: all ## the checks of a finished product that a command can make
	@test/checklist

words: ## gather the sentences of the source into po/
	@tools/words

install: ## into PREFIX of meson (default /usr/local), DESTDIR is honoured
	@tools/setup build
	@$(MAKE) --no-print-directory all
	@meson install -C $(B) --quiet

help:
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

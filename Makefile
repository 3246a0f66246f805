# Aliases only; python3 dev.py --help says what each does.
VERBS := run stop test check bench lock messages
.PHONY: $(VERBS)
$(VERBS):
	@python3 dev.py $@ $(ARGS)

PYTHON ?= python3
.PHONY: help bench demo test test-app test-bench test-browser lint fidelity clean

help:
	@echo "make demo       a desk with the community's year on http://127.0.0.1:8000 (PORT=…)"
	@echo "make test       all tests; some: make test-app, test-bench, test-browser"
	@echo "make lint       ruff check and ruff format --check"
	@echo "make bench      only set up: .bench, with site test.localhost"
	@echo "make fidelity   Frappe's own tests, against the list of those known to fail"
	@echo "make clean      remove .bench"
	@echo "DB=mariadb runs each on a MariaDB: root over the socket, or DB_HOST, DB_USER, DB_PASSWORD"

bench demo test lint fidelity clean:
	@$(PYTHON) -m localbench $@

test-app test-bench test-browser:
	@$(PYTHON) -m localbench test $(@:test-%=%)

# What one types often. `just` lists it.

default:
    @just --list

# Every check and test, as CI runs them
test *words:
    ./uppsikt test {{words}}

# Make the code look as ruff and djade want it
tidy:
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .
    .venv/bin/djade $(git ls-files 'src/*/templates/*.html')

# Lock the packages again after a change in requirements/*.in (or to take newer ones: `just lock --upgrade`)
lock *words:
    uv pip compile requirements/run.in -o requirements/run.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header {{words}}
    uv pip compile requirements/test.in -o requirements/test.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header {{words}}
    uv pip compile requirements/replay.in -o requirements/replay.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header {{words}}
    uv pip compile requirements/bench.in -o requirements/bench.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header {{words}}

# Build the documentation into docs/_build
docs:
    .venv/bin/sphinx-build -W docs docs/_build

demo *words:
    ./uppsikt demo {{words}}

# shellcheck shell=bash
# The stages of scripts/test. Sourced after lib.sh; each stage runs in a shell of its own, which ends at
# the first command that fails.

# shellcheck disable=SC2034 # used by scripts/test
STAGES=(setup format scripts docs build lint deny unit e2e clients)

declare -A STAGE_ABOUT=(
	[setup]="what the machine needs is installed"
	[format]="the Rust code is formatted"
	[scripts]="shellcheck finds nothing in the scripts"
	[docs]="links and commands in the documentation exist"
	[build]="everything compiles"
	[lint]="clippy finds nothing"
	[deny]="licences, bans and sources of the dependencies are as decided"
	[unit]="tests of the crates, and the examples in their documentation"
	[e2e]="tests against real nodes, on free ports of this machine"
	[clients]="JavaScript clients against a network of four real nodes"
)

# Notes why a stage does nothing.
skip() {
	printf '%s' "$*" >"$STAGE_SKIPPED"
	plume_say "Skipped: $*"
}

in_root() {
	cd -- "$PLUME_ROOT" || plume_fail "$PLUME_ROOT has gone"
}

stage_setup() {
	"$PLUME_ROOT/scripts/setup" --faults
}

stage_format() {
	in_root
	cargo fmt --all -- --check
	cargo fmt --manifest-path bench/peers/Cargo.toml -- --check
}

stage_scripts() {
	command -v shellcheck >/dev/null 2>&1 || { skip "shellcheck is not installed" && return; }
	in_root
	shellcheck --external-sources scripts/* .ci/run
}

stage_docs() {
	"$PLUME_ROOT/scripts/docs"
}

stage_build() {
	plume_build
}

stage_lint() {
	in_root
	cargo clippy "${PLUME_SELECTION[@]}" --all-targets -- -D warnings
}

stage_deny() {
	in_root
	[[ -f deny.toml ]] || { skip "there is no deny.toml" && return; }
	if ! cargo deny --version >/dev/null 2>&1; then
		[[ -n "${PLUME_LONG:-}${CI:-}" ]] || { skip "cargo-deny is not installed; --long installs it" && return; }
		# Its own target folder: with ours it would wait for our lock, and leave its crates there.
		env -u CARGO_TARGET_DIR cargo install cargo-deny --version '^0.20' --locked
	fi
	cargo deny check licenses bans sources
	# It has few of the dependencies that deny.toml makes exceptions for.
	cargo deny --manifest-path bench/peers/Cargo.toml --config deny.toml check licenses bans sources \
		--allow license-exception-not-encountered --allow license-not-encountered
	# The advisories come from a git host, which not every machine can reach.
	[[ -n "${PLUME_LONG:-}" ]] || return 0
	if timeout 120 cargo deny fetch db; then
		cargo deny check --disable-fetch advisories
	else
		plume_say "The advisories were not checked: their database cannot be reached from here."
	fi
}

# Arguments for cargo that name every integration test but the end-to-end ones.
other_integration_tests() {
	cargo metadata --no-deps --format-version 1 --locked |
		jq -r '.packages[] | select(.name != "plume-localnet") | .targets[]
			| select(.kind | index("test")) | "--test", .name'
}

stage_unit() {
	in_root
	# Authorities' schemas and real lists are no part of the repository. Tests that need them say so and pass
	# where they are missing.
	if [[ -z "${PLUME_SHARED_DATA:-}" && -d ../shared/data ]]; then
		PLUME_SHARED_DATA="$(cd ../shared/data && pwd)"
		export PLUME_SHARED_DATA
	fi
	local others
	mapfile -t others < <(other_integration_tests)
	local arguments=()
	if [[ -n "${PLUME_LONG:-}" ]]; then arguments=(-- --include-ignored); fi
	# The examples run also after a failed test: one run shows all that is wrong.
	local status=0
	cargo test "${PLUME_SELECTION[@]}" --no-fail-fast --lib --bins "${others[@]}" "${arguments[@]}" || status=1
	cargo test "${PLUME_SELECTION[@]}" --no-fail-fast --doc || status=1
	return "$status"
}

stage_e2e() {
	in_root
	plume_build
	local arguments=(--test-threads=1)
	if [[ -n "${PLUME_LONG:-}" ]]; then arguments+=(--include-ignored); fi
	PLUME_NEXT_RUNTIME="$("$PLUME_ROOT/scripts/rehearsal")"
	export PLUME_NEXT_RUNTIME
	PLUME_NODE="$PLUME_BIN/plume-node" cargo test "${PLUME_SELECTION[@]}" --no-fail-fast --test e2e -- "${arguments[@]}"
}

stage_clients() {
	local folder="$PLUME_ROOT/tests/clients"
	[[ -f "$folder/package.json" ]] || { skip "there is no tests/clients/package.json" && return; }
	local version
	version="$(node --version 2>/dev/null || true)"
	if ! [[ "$version" =~ ^v([0-9]+)\. ]] || ((BASH_REMATCH[1] < 20)); then
		plume_fail "the client tests need Node.js 20 or newer (found: ${version:-none})"
	fi
	plume_build
	cd -- "$folder" || return
	npm ci --no-audit --no-fund

	scratch="$(mktemp -d)"
	network=
	# shellcheck disable=SC2317 # the trap calls it
	end_network() {
		if [[ -n "$network" ]]; then
			kill -TERM "$network" 2>/dev/null || true
			wait "$network" 2>/dev/null || true
		fi
		rm -rf -- "$scratch"
	}
	trap end_network EXIT
	"$PLUME_BIN/plume-localnet" --binary "$PLUME_BIN/plume-node" --json --free-ports \
		--base-path "$scratch/network" >"$scratch/events" &
	network=$!
	until grep -q '"event":"ready"' "$scratch/events"; do
		kill -0 "$network" 2>/dev/null || plume_fail "the network did not start: $(tail -n 1 -- "$scratch/events")"
		sleep 0.2
	done
	PLUME_WS="$(jq -r 'select(.event == "ready") | .nodes[0].ws' "$scratch/events")"
	PLUME_WS_ALL="$(jq -r 'select(.event == "ready") | [.nodes[].ws] | join(",")' "$scratch/events")"
	export PLUME_WS PLUME_WS_ALL
	NO_COLOR=1 FORCE_COLOR=0 node --test --test-reporter=spec
}

# shellcheck shell=bash
# What the scripts share. Sourced, not run: where things are, how the project is built, how they speak.

# Absolute path of the repository.
PLUME_ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"

# Some service managers and CI runners set no home.
if [[ -z "${HOME:-}" ]]; then
	HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
	export HOME
fi

# A shell that is no login shell may not have rustup's folder on its path.
if ! command -v cargo >/dev/null 2>&1 && [[ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]]; then
	export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi

# One target folder for all checkouts and scripts: the SDK is compiled once.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/plume/target}"
# shellcheck disable=SC2034 # used by the scripts that source this
PLUME_BIN="$CARGO_TARGET_DIR/release"

# Every cargo command takes the same profile and packages, and where it builds, the same targets:
# another choice unites other features, and hundreds of crates are compiled a second time.
PLUME_SELECTION=(--release --workspace --locked)

plume_say() {
	printf '%s\n' "$*"
}

# Prints one sentence and ends the script.
plume_fail() {
	printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
	exit 1
}

# Builds every binary of the project. Quick when nothing has changed.
plume_build() {
	(cd -- "$PLUME_ROOT" && cargo build "${PLUME_SELECTION[@]}" --bins --tests)
}

# Says that a first build takes long, where it does.
plume_announce_build() {
	if [[ -x "$PLUME_BIN/plume-node" ]]; then
		plume_say "Building what has changed ..."
	else
		plume_say "Building for the first time: about half an hour on two cores, less on more ..."
	fi
}

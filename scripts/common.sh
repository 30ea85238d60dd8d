# Shared by ./run and ./test: messages, retries, what must be installed. Sourced, not run.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
mkdir -p "$TARGET"
TARGET=$(cd "$TARGET" && pwd)
export CARGO_TARGET_DIR=$TARGET
export CARGO_NET_RETRY=10 CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}
# The window's bundle is built in, so that no development server is asked for it.
FEATURES=(--features tauri/custom-protocol)

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf '\033[31mstopped:\033[0m %s\n' "$*" >&2; exit 1; }

# retry N COMMAND…: a download that breaks off is tried again, a little later each time.
retry() {
  local tries=$1 n=1
  shift
  until "$@"; do
    ((n >= tries)) && return 1
    say "that broke off; trying again in $((n * 5)) s ($n of $((tries - 1)))"
    sleep $((n * 5))
    ((n++))
  done
}

# The Debian packages that the build needs, and those that a window without a display needs.
BUILD_PACKAGES=(build-essential pkg-config cmake nasm curl ca-certificates file libwebkit2gtk-4.1-dev libgtk-3-dev
  libsoup-3.0-dev librsvg2-dev libssl-dev libdbus-1-dev libheif-dev fonts-noto-cjk
  python3 python3-venv)
# sqlite3 reads the server's ledger; strace kills at an exact write; xdotool presses keys without a driver;
# cjpeg (libjpeg-turbo-progs) makes a picture of 100 megapixels row by row.
WINDOW_PACKAGES=(xvfb xauth webkit2gtk-driver gnome-keyring libsecret-tools dunst dbus dbus-x11 imagemagick x11-utils
  x11-xserver-utils xdotool sqlite3 strace libjpeg-turbo-progs)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    die "these commands must run as root, and there is no sudo: $*"
  fi
}

need_packages() {
  local missing=() p
  for p in "$@"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "only Debian and Ubuntu are known here; please install: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  retry 4 as_root apt-get -q update >"$TARGET/apt.log" 2>&1 || die "apt-get update failed; see target/apt.log"
  retry 4 as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" \
    >>"$TARGET/apt.log" 2>&1 || die "apt-get install failed; see target/apt.log"
}

need_tools() {
  command -v cargo >/dev/null || [ ! -f "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"
  command -v cargo >/dev/null || die "Rust is missing: install it with rustup (1.95 or newer)"
  command -v node >/dev/null || die "Node is missing: 20.19 or newer"
  node -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)' ||
    die "Node $(node --version) is too old: 20.19 or newer"
}

# npm_install DIR: installs what the lock file names, unless it has been done for this very file.
npm_install() {
  local dir=$1 stamp
  stamp=$1/node_modules/.pingli-lock
  [ -f "$stamp" ] && cmp -s "$dir/package-lock.json" "$stamp" && return
  say "installing npm packages in $dir"
  (cd "$dir" && retry 4 npm ci --no-audit --no-fund --loglevel=error) || die "npm ci failed in $dir"
  cp "$dir/package-lock.json" "$stamp"
}

fetch_crates() {
  retry 4 cargo fetch --locked --quiet || die "cargo fetch failed"
  # What the fuzz targets have beside it: their lock file is looked at without a network.
  retry 4 cargo fetch --locked --quiet --manifest-path fuzz/Cargo.toml || die "cargo fetch failed in fuzz"
}

build_window() {
  npm_install ui
  say "building the window's pages"
  (cd ui && npm run --silent build) >"$TARGET/ui-build.log" 2>&1 ||
    { tail -30 "$TARGET/ui-build.log"; die "the window's pages did not build; see target/ui-build.log"; }
}

# build_programs [--tests]: with --tests exactly what the tests were built with, so that nothing is
# compiled a second time with other features.
build_programs() {
  say "building the program and the server (the first time takes some minutes)"
  cargo build --locked --quiet --workspace --bins "$@" "${FEATURES[@]}" || die "the build failed"
}

#!/usr/bin/env bash
# Runs a command on a desktop of its own: a virtual display, a session bus, a keyring that is
# unlocked, a notification daemon. Everything is real, and gone when the command ends.
#   desktop.sh COMMAND [ARGUMENT…]
set -euo pipefail

if [ -z "${PINGLI_DESKTOP_HOME:-}" ]; then
  PINGLI_DESKTOP_HOME=$(mktemp -d)
  export PINGLI_DESKTOP_HOME
  trap 'rm -rf "$PINGLI_DESKTOP_HOME"' EXIT
  unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
  # The display's number comes back over a descriptor, so that two runs never share one.
  mkfifo "$PINGLI_DESKTOP_HOME/display"
  Xvfb -displayfd 3 -screen 0 "${PINGLI_SCREEN:-1920x1080}x24" -nolisten tcp \
    3>"$PINGLI_DESKTOP_HOME/display" >/dev/null 2>&1 &
  xvfb=$!
  trap 'kill $xvfb 2>/dev/null || true; rm -rf "$PINGLI_DESKTOP_HOME"' EXIT
  read -r number <"$PINGLI_DESKTOP_HOME/display"
  export DISPLAY=:$number XDG_RUNTIME_DIR=$PINGLI_DESKTOP_HOME/runtime
  # The keyring's own files and every setting of the desktop stay in this folder.
  export XDG_DATA_HOME=$PINGLI_DESKTOP_HOME/data XDG_CONFIG_HOME=$PINGLI_DESKTOP_HOME/config
  export XDG_CACHE_HOME=$PINGLI_DESKTOP_HOME/cache GTK_USE_PORTAL=0 NO_AT_BRIDGE=1
  mkdir -p "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
  chmod 700 "$XDG_RUNTIME_DIR"
  status=0
  dbus-run-session -- "$0" "$@" || status=$?
  exit $status
fi

printf 'pingli' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
dunst >"$PINGLI_DESKTOP_HOME/dunst.log" 2>&1 &
exec "$@"

#!/bin/bash
# Stands in for the start script of Jupyter's official images, which no package registry has: it runs the
# hooks in the same way, those of a shell inside this one, and then the command. Only CI's base image has it.
set -e

set +e
for hook in /usr/local/bin/before-notebook.d/*; do
  case "$hook" in
    *.sh)
      # shellcheck disable=SC1090
      source "$hook"
      ;;
    *)
      if [ -x "$hook" ]; then
        "$hook" || echo "$hook has failed, continuing execution"
      fi
      ;;
  esac
done
set -e
exec "$@"

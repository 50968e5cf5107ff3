#!/usr/bin/env bash
# Compares what the platform pins with what its registries have.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

# shellcheck source=common.sh
. "$here/common.sh"

usage() {
  cat <<TEXT
Usage: $(basename "$0") [--pins FILE]

Asks each chart's own repository, and npm for the packages of package.json, which
release is the newest, and prints it beside the one that is pinned. Changes nothing.
Exit status 1 when something newer is there; what cannot be reached is told and
passed over.

  --pins FILE  another list of charts (default: charts.yaml of the platform)
  --help       this text
TEXT
}

pins="$here/../src/platform/src/main/resources/io/sqletl/platform/charts.yaml"
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --pins)
      [ $# -ge 2 ] || die "--pins needs a file."
      pins="$2"
      shift
      ;;
    *) die "Unknown argument \"$1\". See $(basename "$0") --help" ;;
  esac
  shift
done
[ -r "$pins" ] || die "There is no file $pins."
require_tool curl "Install it with your system's package manager."

behind=0
unreached=0
row() { # NAME PINNED NEWEST
  local note=""
  if [ -z "$3" ]; then
    note="not reached"
    unreached=$((unreached + 1))
  elif [ "$2" != "$3" ] && [ "$(printf '%s\n' "$2" "$3" | sort -V | tail -n 1)" = "$3" ]; then
    note="newer"
    behind=$((behind + 1))
  fi
  printf '%-40s %-12s %-12s %s\n' "$1" "$2" "${3:--}" "$note"
}

# Helm's index: releases of a chart below its name, pre-releases with a dash
newest_chart() { # REPOSITORY CHART
  curl --fail --silent --location --connect-timeout 20 --max-time 120 "${1%/}/index.yaml" 2>/dev/null |
    awk -v chart="$2" '/^  [^ -].*:$/ { inside = ($1 == chart ":") } inside && /^(  |    )  version: / && !/^      / { gsub(/["\x27]/, "", $2); print $2 }' |
    sed 's/^v//' | grep -E '^[0-9]+\.[0-9]+\.[0-9]+$' | sort -V | tail -n 1 || true
}

printf '%-40s %-12s %-12s\n' what pinned newest
while read -r chart repository version; do
  row "chart $chart" "$version" "$(newest_chart "$repository" "$chart")"
done < <(awk '$1 == "-" { chart = $3 } $1 == "repository:" { repository = $2 } $1 == "version:" { print chart, repository, $2 }' "$pins")

if command -v npm >/dev/null 2>&1; then
  while read -r package version; do
    row "npm $package" "$version" "$(npm view "$package@^${version%%.*}" version --json 2>/dev/null | tr -d '[]", \n' | sed 's/.*\([0-9]\{1,\}\.[0-9]*\.[0-9]*\)$/\1/' || true)"
  done < <(sed -n '/"devDependencies"/,/}/s/^ *"\(.*\)": "\([0-9][^"]*\)".*/\1 \2/p' "$here/../package.json")
fi

[ "$unreached" -eq 0 ] || echo "$unreached could not be reached."
[ "$behind" -eq 0 ] || {
  echo "$behind have a newer release. Read its notes, change the pin, and run deployment/check_charts.sh --network."
  exit 1
}

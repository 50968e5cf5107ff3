#!/usr/bin/env bash
# Renders the charts with Helm and checks what would reach the cluster. See check_charts.py.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

# shellcheck source=common.sh
. "$here/common.sh"

require_tool python3 "Install Python 3.9 or newer."
case " $* " in
  *" --help "* | *" -h "* | *" --schemas"*) ;;
  *) require_tool helm "Install Helm 3.18 or newer: https://helm.sh/docs/intro/install/" ;;
esac
# The schemas of Kubernetes come with the package, so its version is that of the newest ones
tools="$("$here/../.ci/venv" charts kubernetes-validate==1.35.0 PyYAML==6.0.3 jsonschema==4.26.0)"
exec "$tools/bin/python" "$here/check_charts.py" "$@"

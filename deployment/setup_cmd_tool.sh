#!/usr/bin/env bash
# Installs kubectl and the Argo CLI in the versions that this platform runs.
set -euo pipefail

kubernetes=1.36
argo=v4.0.10
dir="$HOME/.local/bin"

# A mirror can stand in for either place, for a network without a way out.
kubectl_base="${KUBECTL_BASE_URL:-https://dl.k8s.io/release}"
argo_base="${ARGO_BASE_URL:-https://github.com/argoproj/argo-workflows/releases/download}"

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

usage() {
  cat <<TEXT
Usage: $(basename "$0") [--dir DIR] [--kubernetes MINOR] [--argo VERSION]

Installs kubectl and the Argo CLI, checksums verified. A tool that is already
there in the right version is left alone, so running it again costs nothing.
Linux and macOS, on x86-64 and on ARM.

  --dir DIR            where to put them (default: ~/.local/bin)
  --kubernetes MINOR   minor version of the cluster (default: $kubernetes); kubectl
                       is its newest patch release. Give the one that you deployed
                       with -c kubernetesVersion=MINOR
  --argo VERSION       version of the Argo CLI (default: $argo, the server's own)
  --help               this text

KUBECTL_BASE_URL and ARGO_BASE_URL name a mirror of
  $kubectl_base
  $argo_base
TEXT
}

while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h)
      usage
      exit 0
      ;;
    --dir | --kubernetes | --argo)
      [ $# -ge 2 ] || die "$1 needs a value."
      case "$1" in
        --dir) dir="$2" ;;
        --kubernetes) kubernetes="${2#v}" ;;
        --argo) argo="v${2#v}" ;;
      esac
      shift 2
      ;;
    *) die "Unknown argument \"$1\". See $(basename "$0") --help" ;;
  esac
done

[[ "$kubernetes" =~ ^1\.[0-9]+$ ]] || die "\"$kubernetes\" is not a minor version of Kubernetes, such as 1.36."
[[ "$argo" =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]] || die "\"$argo\" is not a version of Argo Workflows, such as v4.0.10."
[ -n "$dir" ] || die "--dir needs a folder."

require_tool curl "Install it with your system's package manager."
require_tool gzip "Install it with your system's package manager."

case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) die "$(uname -s) is not supported. On Windows, use the Linux subsystem (WSL)." ;;
esac
case "$(uname -m)" in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) die "No builds for the processor $(uname -m)." ;;
esac

# Linux has sha256sum, macOS has shasum.
sha256() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    die "Neither sha256sum nor shasum is installed: nothing can be verified, so nothing is installed."
  fi
}

download() { # URL FILE
  curl --fail --location --silent --show-error --retry 2 --connect-timeout 20 --output "$2" "$1" ||
    die "Cannot download $1"
}

# A checksum that is no checksum is most often the login page of a proxy.
require_checksum() { # VALUE ORIGIN
  [[ "$1" =~ ^[0-9a-f]{64}$ ]] || die "$2 holds no checksum where one is expected."
}

verify() { # FILE EXPECTED ORIGIN
  local actual
  actual="$(sha256 "$1")"
  [ "$actual" = "$2" ] || die "The checksum of $3 is wrong: expected $2, got $actual. Nothing was installed from it."
}

mkdir -p "$dir" || die "Cannot make the folder $dir."
[ -w "$dir" ] || die "Cannot write to $dir. Choose another folder with --dir."
dir="$(cd "$dir" && pwd)"

# Inside the target folder, so that the last step is a rename: a half-written tool is never on the PATH.
work="$(mktemp -d "$dir/.setup.XXXXXX")"
trap 'rm -rf "$work"' EXIT

install_tool() { # FILE NAME
  chmod 755 "$1"
  mv -f "$1" "$dir/$2"
}

setup_kubectl() {
  local version url expected
  download "$kubectl_base/stable-$kubernetes.txt" "$work/kubectl.version"
  version="$(tr -d '[:space:]' <"$work/kubectl.version")"
  [[ "$version" =~ ^v1\.[0-9]+\.[0-9]+$ ]] || die "$kubectl_base/stable-$kubernetes.txt holds no version of Kubernetes."
  url="$kubectl_base/$version/bin/$os/$arch/kubectl"
  download "$url.sha256" "$work/kubectl.sha256"
  expected="$(cut -d ' ' -f 1 <"$work/kubectl.sha256" | tr -d '[:space:]')"
  require_checksum "$expected" "$url.sha256"

  if [ -x "$dir/kubectl" ] && [ "$(sha256 "$dir/kubectl")" = "$expected" ]; then
    echo "kubectl $version is already in $dir"
    return
  fi
  download "$url" "$work/kubectl"
  verify "$work/kubectl" "$expected" "$url"
  install_tool "$work/kubectl" kubectl
  echo "kubectl $version installed in $dir"
}

setup_argo() {
  local asset expected
  if [ -x "$dir/argo" ] && [ "$("$dir/argo" version --short 2>/dev/null)" = "argo: $argo" ]; then
    echo "argo $argo is already in $dir"
    return
  fi
  asset="argo-$os-$arch.gz"
  download "$argo_base/$argo/argo-workflows-cli-checksums.txt" "$work/argo.checksums"
  expected="$(awk -v asset="$asset" '$2 == asset { print $1 }' "$work/argo.checksums")"
  require_checksum "$expected" "$argo_base/$argo/argo-workflows-cli-checksums.txt"
  download "$argo_base/$argo/$asset" "$work/$asset"
  verify "$work/$asset" "$expected" "$argo_base/$argo/$asset"
  gzip -dc "$work/$asset" >"$work/argo"
  install_tool "$work/argo" argo
  echo "argo $argo installed in $dir"
}

setup_kubectl
setup_argo

case ":$PATH:" in
  *":$dir:"*) ;;
  *) echo "
$dir is not on your PATH. Add it:
  export PATH=\"$dir:\$PATH\"" ;;
esac

#!/bin/bash
# Makes a folder that runs LiveClin on a machine without network, SDK or package source: app host, services, orchestrator, dashboard,
# the .NET runtime, one or more releases, and a SHA-256 of every file. Run it on a machine of the same operating system and processor.
#
#   deploy/offline/make.sh FOLDER [RELEASE_FOLDER…]
#
# A release's folder holds its JSONL file and its images (data/demo is one, and always in). Then, on the other side: FOLDER/liveclin --help
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
source=$(cd "$(dirname "$0")/../.." && pwd)
for release in "${@:2}"; do [ -d "$release" ] || { echo "$release is no folder: name those of releases, as 'dataset download' makes them." >&2; exit 2; }; done
[ ! -e "$1" ] || { echo "$1 is there already: name a new folder, so that nothing old stays in it." >&2; exit 2; }
configuration=${CONFIGURATION:-Release} # a build that is there already can be taken with NO_BUILD=1
[ -n "${NO_BUILD:-}" ] || dotnet build "$source/LiveClin.AppHost" -c "$configuration" -v q
# Where the packages lie that this build's orchestrator and dashboard come from.
property() { dotnet msbuild "$source/LiveClin.AppHost" -p:Configuration="$configuration" -getProperty:"$1"; }
dcp=$(property DcpDir) dashboard=$(property AspireDashboardDir)
# An empty name would copy this machine.
need() { [ -n "$2" ] && [ -d "$2" ] || { echo "The $1 is not there (${2:-no folder}): build first, without NO_BUILD." >&2; exit 1; }; }
need orchestrator "$dcp"; need dashboard "$dashboard"
for project in LiveClin.AppHost LiveClin.Evaluator LiveClin.Stats; do need "build of $project" "$source/$project/bin/$configuration/net10.0"; done
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "No runtimes for $(uname -m)." >&2; exit 2 ;; esac
mkdir -p "$1"
target=$(cd "$1" && pwd)
shift

for project in LiveClin.AppHost LiveClin.Evaluator LiveClin.Stats; do
    cp -r "$source/$project/bin/$configuration/net10.0" "$target/$project"
    # Native libraries of other systems are most of its size.
    if [ -d "$target/$project/runtimes" ]; then
        find "$target/$project/runtimes" -mindepth 1 -maxdepth 1 ! -name "$rid" ! -name linux ! -name unix -exec rm -r {} +
    fi
done
cp "$source/LiveClin.AppHost/appsettings.json" "$target/LiveClin.AppHost/"
mkdir "$target/orchestrator" "$target/dashboard" "$target/data" "$target/dotnet"
cp -r "$dcp/." "$target/orchestrator"
cp -r "$dashboard/." "$target/dashboard"
cp -r "$source/data/demo" "$target/data/"
for release in "$@"; do cp -rL "$release" "$target/data/"; done

# The runtime alone, of the version that this machine runs: no SDK.
root=$(dirname "$(readlink -f "$(command -v dotnet)")")
version=$(dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10\.[^ ]*\) .*/\1/p' | tail -1)
cp "$root/dotnet" "$root/LICENSE.txt" "$root/ThirdPartyNotices.txt" "$target/dotnet/" 2>/dev/null || cp "$root/dotnet" "$target/dotnet/"
for part in shared/Microsoft.NETCore.App shared/Microsoft.AspNetCore.App host/fxr; do
    mkdir -p "$target/dotnet/$part"
    cp -r "$root/$part/$version" "$target/dotnet/$part/"
done

install -m 755 "$source/deploy/offline/liveclin.sh" "$target/liveclin"
cp "$source/LICENSE" "$source/README.md" "$target/" 2>/dev/null || cp "$source/README.md" "$target/"
chmod -R a+rX "$target" # packages give the orchestrator to its owner alone
(cd "$target" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
printf '%s: %s files, %s. Copy it as it is, or with: tar -C %q -czf liveclin.tar.gz %q\n' "$target" "$(wc -l < "$target/SHA256SUMS")" \
    "$(du -sh "$target" | cut -f1)" "$(dirname "$target")" "$(basename "$target")"
echo "Its SHA-256 in one line, to compare on the other side: $(sha256sum < "$target/SHA256SUMS" | cut -d' ' -f1)"

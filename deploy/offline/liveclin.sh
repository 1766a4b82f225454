#!/bin/sh
# Starts LiveClin from the folder that this file lies in. It needs no network, SDK, package source or HOME of its own; results go below
# the folder that it is called from.
#
#   liveclin [switches of the app host]        the stack: dashboard, pages, sweep over the configured models
#   liveclin evaluator|stats [command …]       the services' own commands
#   liveclin verify                            compares every file with SHA256SUMS, and finds what was added to the programs
set -eu
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd) # this file's own folder, also where a link to it was called

# What lies in the folders of programs without being in the list would be loaded with them. Releases, settings and results are yours to add.
find_added() {
    (cd "$here" && find ./LiveClin.* ./dotnet ./orchestrator ./dashboard ! -type d \
        | awk 'NR == FNR { listed[substr($0, 67)]; next } !($0 in listed)' SHA256SUMS -)
}

verify() {
    if ! (cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) >&2; then
        echo "liveclin: files of $here are not what they were when it was made (named above). Copy it again." >&2
        exit 2
    fi
    added=$(find_added)
    if [ -n "$added" ]; then
        echo "liveclin: files among the programs of $here were not there when it was made; remove them, or copy it again:" >&2
        echo "$added" >&2
        exit 2
    fi
    echo "Verified $(wc -l < "$here/SHA256SUMS") files of $here (list: SHA-256 $(sha256sum < "$here/SHA256SUMS" | cut -d' ' -f1))" >&2
}

# The runtime beside it, whatever else the machine has.
export DOTNET_ROOT="$here/dotnet" PATH="$here/dotnet:$PATH" DOTNET_CLI_TELEMETRY_OPTOUT=1
export LIVECLIN_LAUNCHER="$0"
export LiveClin__DataDirectory="${LiveClin__DataDirectory:-$here/data}"
case "${1:-}" in
    verify) verify ;;
    evaluator) shift; exec dotnet "$here/LiveClin.Evaluator/LiveClin.Evaluator.dll" "$@" ;;
    stats) shift; exec dotnet "$here/LiveClin.Stats/LiveClin.Stats.dll" "$@" ;;
    -h | -\? | --help | --version) exec dotnet "$here/LiveClin.AppHost/LiveClin.AppHost.dll" "$@" ;;
    *)
        verify
        export DcpPublisher__CliPath="$here/orchestrator/dcp" DcpPublisher__DashboardPath="$here/dashboard/Aspire.Dashboard"
        exec dotnet "$here/LiveClin.AppHost/LiveClin.AppHost.dll" "$@" ;;
esac

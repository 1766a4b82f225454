#!/bin/bash
# A model server over several nodes of a Slurm job: rank 0 here, on the job's first node, the others by srun. One that ends, ends all of them.
#   ranks.sh NODES PROGRAM ARGUMENT…       to each rank's arguments its --node-rank is added
nodes=$1
shift
if ! command -v srun >/dev/null; then
    echo "ranks.sh: srun is not on PATH. A server over $nodes nodes is started by Slurm, in no container that hides it (docs/cluster.md)." >&2
    exit 127
fi

# Beside the job's own script, which has all that the job has; since Slurm 22.05 a step's processors have to be said.
srun --overlap --nodes=$((nodes - 1)) --ntasks=$((nodes - 1)) --ntasks-per-node=1 --relative=1 --kill-on-bad-exit=1 \
    ${SLURM_CPUS_PER_TASK:+--cpus-per-task="$SLURM_CPUS_PER_TASK"} \
    bash -c 'exec "$@" --node-rank $((SLURM_PROCID + 1))' rank "$@" </dev/null &
others=$!
"$@" --node-rank 0 </dev/null &
server=$!
# Rank 0 drains; the others have nothing to do without it.
trap 'kill -TERM $server' TERM

code=0
while kill -0 $server 2>/dev/null && kill -0 $others 2>/dev/null; do
    wait -n
    code=$?
done
if kill -0 $server 2>/dev/null; then
    echo "ranks.sh: a rank on another node has ended (srun: exit code $code), and the server with it" >&2
    kill -KILL $server
    exit $((code == 0 ? 1 : code))
fi

kill -TERM $others 2>/dev/null
(sleep 10; kill -KILL $others 2>/dev/null) >/dev/null 2>&1 &
wait $others
exit $code

using Grpc.Core;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Pages.Runs;

/// <summary>
/// What people say of runs. The evaluator is the store's one writer; pages over a store that is only read are refused by it, in words.
/// </summary>
internal sealed class RunWriter(EvaluatorService.EvaluatorServiceClient evaluator)
{
    /// <summary>Lets a run stand for its model and setting, or no longer.</summary>
    /// <exception cref="RpcException">The evaluator refuses, or cannot be reached.</exception>
    public Task<Run> ChooseAsync(string runId, bool isChosen) => UpdateAsync(new UpdateRunRequest { RunId = runId, Chosen = isChosen });

    /// <summary>Takes a run off the leaderboard, or puts it back.</summary>
    /// <exception cref="RpcException">As above.</exception>
    public Task<Run> HideAsync(string runId, bool isHidden) => UpdateAsync(new UpdateRunRequest { RunId = runId, Hidden = isHidden });

    /// <summary>Gives a run a word to be told by.</summary>
    /// <exception cref="RpcException">As above; also for a word that is too long.</exception>
    public Task<Run> TagAsync(string runId, string tag) => UpdateAsync(new UpdateRunRequest { RunId = runId, AddTags = { tag } });

    /// <summary>Names a run's model and setting; an empty name takes it away.</summary>
    /// <exception cref="RpcException">As above; also for a name that is too long.</exception>
    public Task<Run> NameAsync(string runId, string name) => UpdateAsync(new UpdateRunRequest { RunId = runId, Name = name });

    /// <summary>Takes a word from a run.</summary>
    /// <exception cref="RpcException">As above.</exception>
    public Task<Run> UntagAsync(string runId, string tag) => UpdateAsync(new UpdateRunRequest { RunId = runId, RemoveTags = { tag } });

    /// <summary>Deletes a run with its answers, for good.</summary>
    /// <exception cref="RpcException">As above; also while it is under way.</exception>
    public async Task DeleteAsync(string runId) => await evaluator.DeleteRunAsync(new DeleteRunRequest { RunId = runId });

    private async Task<Run> UpdateAsync(UpdateRunRequest request) => (await evaluator.UpdateRunAsync(request)).Run;
}

using Grpc.Core;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>Why a page has nothing to show, and what to do next.</summary>
/// <param name="Title">What is the case.</param>
/// <param name="Text">What to do.</param>
/// <param name="Commands">Commands that do it.</param>
public sealed record PageProblem(string Title, string Text, IReadOnlyList<string> Commands)
{
    /// <summary>True when waiting may help.</summary>
    public bool MayPass { get; private init; }

    /// <summary>What an error of loading means to the reader; null for errors that are none of theirs.</summary>
    public static PageProblem? Of(Exception error) => error switch
    {
        RequestException { Field: "selection.release", Message: var message } when message.StartsWith("There are no runs",
            StringComparison.Ordinal) => new(
            "No runs yet", "The evaluator is there, but no model has been asked anything. Start the built-in baselines on the demo release, or evaluate a model of your own:",
            ["dotnet run --project LiveClin.AppHost",
                "dotnet run --project LiveClin.Evaluator -- evaluate --model MODEL --api-base http://127.0.0.1:8000/v1 --image-mode local --dataset demo"]) { MayPass = true },
        RequestException selection => new("Nothing to show", selection.Message, []),
        RpcException store when RpcErrors.ReasonOf(store) == RpcErrors.StoreUnreachable => new(
            "The database is out of reach", $"{store.Status.Detail} This page comes by itself when the database is back.",
            []) { MayPass = true },
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal or StatusCode.DeadlineExceeded } => new(
            "The evaluator cannot be reached",
            "These pages show what the evaluator has stored. Start it; the page comes by itself when it answers. If it runs elsewhere, say where with LiveClin__Evaluator:",
            ["dotnet run --project LiveClin.Evaluator",
                "LiveClin__Evaluator=http://127.0.0.1:5281 dotnet run --project LiveClin.Stats"]) { MayPass = true },
        // The evaluator's own words would speak of the reader's token, who has shown it.
        RpcException { StatusCode: StatusCode.Unauthenticated } => new("The results cannot be read", EvaluatorSource.TokenRefused, []),
        RpcException rpc => new("The results cannot be read", rpc.Status.Detail, []),
        _ => null,
    };
}

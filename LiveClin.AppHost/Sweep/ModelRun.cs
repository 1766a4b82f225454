using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>One model's way through the sweep, under one condition.</summary>
internal sealed class ModelRun(IModelServer server, ModelRunResource resource, string condition = ModelRun.Published)
{
    /// <summary>The condition under which cases are asked as they were published.</summary>
    public const string Published = "published";

    public IModelServer Server { get; } = server;

    /// <summary>Name of the condition that cases are asked under.</summary>
    public string Condition { get; } = condition;

    /// <summary>What it is called: the model's name, and the condition unless it is the published one.</summary>
    public string Title => Condition == Published ? Model.Name : $"{Model.Name} · {Condition}";

    public ModelSettings Model => Server.Model;

    /// <summary>The resource that shows how far the model is, whatever its conditions.</summary>
    public ModelRunResource Resource { get; } = resource;

    /// <summary>Where it is.</summary>
    public ModelRunState State { get; set; }

    /// <summary>The evaluator's run, once begun.</summary>
    public Run? Run
    {
        get;
        set
        {
            field = value;
            // A continued run does not tell any more what its first beginning found.
            if (value?.VisionCheck is { } seen) Resource.Vision = seen;
        }
    }

    /// <summary>What came of the model's vision check.</summary>
    public VisionCheckResult? Vision => Resource.Vision;

    /// <summary>True when the condition changes nothing of what is asked for: then nothing is asked.</summary>
    public bool HasNothingToAsk { get; set; }

    /// <summary>False once this sweep has begun the run: what it found to be final is not asked again before the next one.</summary>
    public bool MayRetryFiltered => Run is null;

    /// <summary>Why it failed.</summary>
    public Failure? Failure { get; set; }

    /// <summary>True when the settings or the data are at fault, and not the model.</summary>
    public bool IsInvalid { get; set; }

    /// <summary>How far it is.</summary>
    public RunProgress Progress => Run?.Progress ?? new RunProgress { Outcomes = new OutcomeCounts() };

    /// <summary>Questions that were asked and have no reply.</summary>
    public int Failures => Progress.QuestionsDone - Progress.QuestionsAnswered;

    /// <summary>Questions that were not asked: the run stopped before, or an earlier question of their case failed.</summary>
    public int NotAsked => Progress.QuestionsTotal - Progress.QuestionsDone;

    /// <summary>True when every question has a reply.</summary>
    public bool IsAnswered => Failures + NotAsked == 0;
}

/// <summary>Where a model is in the sweep.</summary>
internal enum ModelRunState
{
    /// <summary>It waits for its turn.</summary>
    Pending,

    /// <summary>It is being evaluated, or its server started.</summary>
    Active,

    /// <summary>Every question has its outcome.</summary>
    Completed,

    /// <summary>It could not be evaluated.</summary>
    Failed,

    /// <summary>It was stopped.</summary>
    Stopped,
}

/// <summary>Shows one model's way through the sweep.</summary>
internal sealed class ModelRunResource(string name, SweepResource parent) : Resource(name), IResourceWithParent<SweepResource>
{
    public SweepResource Parent { get; } = parent;

    /// <summary>What came of the vision check, made once for a model.</summary>
    public VisionCheckResult? Vision { get; set; }

    /// <summary>True when the console has it.</summary>
    public bool IsVisionSaid { get; set; }
}

/// <summary>The sweep over all models.</summary>
internal sealed class SweepResource(string name) : Resource(name)
{
    /// <summary>What the process ends with; null while the sweep is not done.</summary>
    public int? ExitCode { get; set; }
}

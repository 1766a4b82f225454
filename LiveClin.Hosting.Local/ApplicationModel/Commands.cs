using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>How a command is shown and when it can be given.</summary>
    public class CommandOptions
    {
        /// <summary>What it does.</summary>
        public string? Description { get; set; }

        /// <summary>Question before it is given.</summary>
        public string? ConfirmationMessage { get; set; }

        /// <summary>Icon.</summary>
        public string? IconName { get; set; }

        /// <summary>Look of the icon.</summary>
        public IconVariant? IconVariant { get; set; }

        /// <summary>True when it is shown first.</summary>
        public bool IsHighlighted { get; set; }

        /// <summary>Whether it can be given now; null for always.</summary>
        public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
    }

    /// <summary>Whether a command can be given.</summary>
    public enum ResourceCommandState
    {
        /// <summary>It can.</summary>
        Enabled = 0,

        /// <summary>It is shown and cannot.</summary>
        Disabled = 1,

        /// <summary>It is not shown.</summary>
        Hidden = 2,
    }

    /// <summary>Look of an icon.</summary>
    public enum IconVariant
    {
        /// <summary>Lines.</summary>
        Regular = 0,

        /// <summary>Filled.</summary>
        Filled = 1,
    }

    /// <summary>Given to a command.</summary>
    public sealed class ExecuteCommandContext
    {
        /// <summary>The application's services.</summary>
        public required IServiceProvider Services { get; init; }

        /// <summary>The resource that got the command.</summary>
        public required string ResourceName { get; init; }

        /// <summary>Ends with the caller's patience.</summary>
        public required CancellationToken CancellationToken { get; init; }

        /// <summary>The resource's log.</summary>
        public required ILogger Logger { get; init; }

        /// <summary>Arguments of the command.</summary>
        public required InteractionInputCollection Arguments { get; init; }
    }

    /// <summary>How a command went.</summary>
    public sealed class ExecuteCommandResult
    {
        /// <summary>True when it did what it should.</summary>
        public required bool Success { get; init; }

        /// <summary>True when it was called off.</summary>
        public bool Canceled { get; init; }

        /// <summary>The outcome in words.</summary>
        public string? Message { get; init; }
    }

    /// <summary>Makes results of commands.</summary>
    public static class CommandResults
    {
        /// <summary>It worked.</summary>
        public static ExecuteCommandResult Success() => new() { Success = true };

        /// <summary>It worked, and this is to be said.</summary>
        public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

        /// <summary>It did not work.</summary>
        public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

        /// <summary>It did not work because of an exception.</summary>
        public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

        /// <summary>It was called off.</summary>
        public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
    }

    /// <summary>Given to the function that says whether a command can be given.</summary>
    public sealed class UpdateCommandStateContext
    {
        /// <summary>The resource now.</summary>
        public required CustomResourceSnapshot ResourceSnapshot { get; init; }

        /// <summary>The application's services.</summary>
        public required IServiceProvider Services { get; init; }
    }

    /// <summary>Names of the commands that every process has.</summary>
    public static class KnownResourceCommands
    {
        /// <summary>Starts it.</summary>
        public static readonly string StartCommand = "start";

        /// <summary>Stops it.</summary>
        public static readonly string StopCommand = "stop";

        /// <summary>Stops and starts it.</summary>
        public static readonly string RestartCommand = "restart";
    }

    // A command of a resource, as declared.
    internal sealed record CommandAnnotation(string Name, string DisplayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute, CommandOptions Options) : IResourceAnnotation
    {
        public ResourceCommandSnapshot Snapshot(CustomResourceSnapshot resource, IServiceProvider services) => new(
            Name,
            Options.UpdateState?.Invoke(new UpdateCommandStateContext { ResourceSnapshot = resource, Services = services }) ?? ResourceCommandState.Enabled,
            DisplayName, Options.Description, null, Options.ConfirmationMessage, Options.IconName, Options.IconVariant, Options.IsHighlighted);
    }
}

namespace Aspire.Hosting
{
    /// <summary>Kinds of values that a person can be asked for.</summary>
    public enum InputType
    {
        /// <summary>A line of text.</summary>
        Text = 0,

        /// <summary>A secret.</summary>
        SecretText = 1,

        /// <summary>One of several.</summary>
        Choice = 2,

        /// <summary>Yes or no.</summary>
        Boolean = 3,

        /// <summary>A number.</summary>
        Number = 4,
    }

    /// <summary>An argument of a command.</summary>
    public sealed class InteractionInput
    {
        /// <summary>Its name.</summary>
        public required string Name { get; init; }

        /// <summary>Its kind.</summary>
        public required InputType InputType { get; init; }

        /// <summary>Its value.</summary>
        public string? Value { get; set; }
    }

    /// <summary>Arguments of a command.</summary>
    public sealed class InteractionInputCollection : IReadOnlyList<InteractionInput>
    {
        private readonly IReadOnlyList<InteractionInput> _inputs;

        /// <summary>Wraps a list.</summary>
        public InteractionInputCollection(IReadOnlyList<InteractionInput> inputs) => _inputs = inputs;

        /// <summary>Number of arguments.</summary>
        public int Count => _inputs.Count;

        /// <summary>An argument by position.</summary>
        public InteractionInput this[int index] => _inputs[index];

        /// <summary>An argument by name.</summary>
        public InteractionInput this[string name] => TryGetByName(name, out var input) ? input : throw new KeyNotFoundException($"There is no argument '{name}'.");

        /// <summary>Finds an argument by name.</summary>
        public bool TryGetByName(string name, [NotNullWhen(true)] out InteractionInput? input)
        {
            input = _inputs.FirstOrDefault(i => string.Equals(i.Name, name, StringComparison.OrdinalIgnoreCase));
            return input is not null;
        }

        /// <summary>The arguments in order.</summary>
        public IEnumerator<InteractionInput> GetEnumerator() => _inputs.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

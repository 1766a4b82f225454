using System.CommandLine;
using System.CommandLine.Parsing;

namespace LiveClin.ServiceDefaults.Commands;

/// <summary>What a value of an option must fulfil beyond its type.</summary>
public static class OptionChecks
{
    /// <summary>Adds a rule: the words that say what is wrong with a value, or null for a good one.</summary>
    public static void Check<T>(this Option<T> option, Func<T?, string?> whatIsWrong)
    {
        ArgumentNullException.ThrowIfNull(option);
        ArgumentNullException.ThrowIfNull(whatIsWrong);
        option.Validators.Add(result =>
        {
            T? value;
            try
            {
                value = result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                // Not of the option's type. Rules run before the parser says so; reading the value here would end the program.
                return;
            }

            if (whatIsWrong(value) is { } error) result.AddError(error);
        });
    }

    /// <summary>Adds a rule for what stands on the command line, as it stands there; a default is not looked at.</summary>
    public static Option<T> CheckArguments<T>(this Option<T> option, Func<string, string?> whatIsWrong)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            if (!result.Implicit) Report(result, whatIsWrong);
        });
        return option;
    }

    /// <summary>The same for an argument.</summary>
    public static Argument<T> CheckArguments<T>(this Argument<T> argument, Func<string, string?> whatIsWrong)
    {
        ArgumentNullException.ThrowIfNull(argument);
        argument.Validators.Add(result => Report(result, whatIsWrong));
        return argument;
    }

    private static void Report(SymbolResult result, Func<string, string?> whatIsWrong)
    {
        foreach (var error in result.Tokens.Select(token => whatIsWrong(token.Value)).OfType<string>()) result.AddError(error);
    }
}

using LiveClin.Core.Results;

namespace LiveClin.Core.Tests.Results;

public sealed class ShardTests
{
    [Theory]
    [InlineData("2/4", "", "2/4")]
    [InlineData("1/1", "SLURM_ARRAY_TASK_ID=7", "1/1")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_COUNT=4", "3/4")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4 JOB_COMPLETION_INDEX=2", "1/4")]
    [InlineData("auto/8", "JOB_COMPLETION_INDEX=0", "1/8")]
    [InlineData("auto/8", "JOB_COMPLETION_INDEX=7 SLURM_ARRAY_TASK_ID=1", "8/8")]
    public void Are_read_from_what_is_given_and_from_a_job_only_when_that_is_said(string text, string environment, string expected) =>
        Assert.Equal(expected, Shard.Resolve(text, Environment(environment)).ToString());

    [Theory]
    [InlineData("0/4", "", "'0/4' is no shard")]
    [InlineData("5/4", "", "'5/4' is no shard")]
    [InlineData("2", "", "'2' is no shard")]
    [InlineData("-1/4", "", "no shard")]
    [InlineData("1/10001", "", "no shard")]
    [InlineData("auto", "", "SLURM_ARRAY_TASK_ID is not set")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3", "without gaps")]
    [InlineData("auto", "SLURM_ARRAY_TASK_ID=x SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3", "no number")]
    [InlineData("auto/3", "", "JOB_COMPLETION_INDEX is not set")]
    [InlineData("auto/3", "JOB_COMPLETION_INDEX=3", "no shard")]
    [InlineData("auto/x", "JOB_COMPLETION_INDEX=0", "no shard")]
    public void What_is_none_is_refused_with_the_reason(string text, string environment, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Shard.Resolve(text, Environment(environment))).Message,
            StringComparison.Ordinal);

    private static Func<string, string?> Environment(string variables)
    {
        var known = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return name => known.GetValueOrDefault(name);
    }
}

using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>The core's enums and the contract's have the same names, and the contract one more: "not said".</summary>
public sealed class EnumByNameTests
{
    [Fact]
    public void Every_value_goes_over_the_contract_and_back()
    {
        AssertSame<Outcome, V1.Outcome>();
        AssertSame<ExtractionRule, V1.ExtractionRule>();
        AssertSame<RunStatus, V1.RunStatus>();
    }

    [Fact]
    public void What_the_other_side_does_not_know_is_nothing()
    {
        Assert.Null(EnumByName<Outcome>.Find(V1.Outcome.Unspecified));
        Assert.Null(EnumByName<Outcome>.Find((V1.Outcome)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnumByName<Outcome>.Of(V1.Outcome.Unspecified));
    }

    private static void AssertSame<TCore, TContract>() where TCore : struct, Enum where TContract : struct, Enum
    {
        foreach (var value in Enum.GetValues<TCore>())
        {
            var sent = EnumByName<TContract>.Of(value);
            Assert.Equal((value.ToString(), value), (sent.ToString(), EnumByName<TCore>.Of(sent)));
        }

        Assert.Equal(["Unspecified"], Enum.GetNames<TContract>().Except(Enum.GetNames<TCore>()));
    }
}

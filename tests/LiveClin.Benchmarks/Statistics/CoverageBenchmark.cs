using System.Globalization;
using LiveClin.Core.Formats;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;
using MathNet.Numerics.Distributions;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>
/// How often the 95 % intervals cover the truth over simulated benchmarks whose questions hang together within a case (beta-binomial).
/// </summary>
internal static class CoverageBenchmark
{
    private const int Cases = 300;

    public static int Run(int benchmarks)
    {
        Console.WriteLine($"coverage of 95 % intervals over {benchmarks} simulated benchmarks of {Cases} cases; one standard error is {100 * Math.Sqrt(0.95 * 0.05 / benchmarks):0.0} points");
        foreach (var correlation in new[] { 0.05, 0.3 })
        {
            foreach (var accuracy in new[] { 0.5, 0.8 })
            {
                int clustered = 0, bootstrap = 0, wilson = 0;
                var caseTruth = CaseAccuracy(accuracy, correlation);
                Parallel.For(0, benchmarks, seed =>
                {
                    var set = Simulate(accuracy, correlation, seed);
                    var counts = set.Cases.Select(c => new Ratio(set.Models[0].CorrectIn(c), c.Questions.Length)).ToList();
                    if (ClusteredMean.Estimate(counts).Interval().Contains(accuracy)) Interlocked.Increment(ref clustered);
                    if (ClusterBootstrap.Run(set, set.Models, 1000).QuestionInterval(0).Contains(accuracy))
                        Interlocked.Increment(ref bootstrap);
                    if (Wilson.Interval(new Ratio(counts.Count(c => c.Count == c.Total), counts.Count)).Contains(caseTruth))
                        Interlocked.Increment(ref wilson);
                });
                string Share(int count) => (100.0 * count / benchmarks).ToString("0.0", CultureInfo.InvariantCulture) + " %";
                Console.WriteLine($"  accuracy {accuracy}, correlation {correlation}: clustered {Share(clustered)}, bootstrap {Share(bootstrap)}, Wilson on cases {Share(wilson)}");
            }
        }

        return 0;
    }

    private static ResultSet Simulate(double accuracy, double correlation, int seed)
    {
        var random = new Random(seed);
        double a = accuracy * ((1 / correlation) - 1), b = (1 - accuracy) * ((1 / correlation) - 1);
        var cases = Enumerable.Range(0, Cases).Select(i =>
        {
            var p = Beta.Sample(random, a, b);
            return new V1Case
            {
                CaseId = $"{i}",
                Mcqs = [.. Enumerable.Range(0, 3 + random.Next(4))
                    .Select(q => new V1Mcq { Index = q, IsCorrect = random.NextDouble() < p, CorrectAnswer = "A", Response = "" })],
            };
        });
        return V1FileSource.Combine([new V1Results { Meta = new V1Meta { Model = "m", Dataset = "simulated" }, Cases = [.. cases] }]);
    }

    // All of n questions correct under a beta-binomial: product over i of (a + i)/(a + b + i); n is 3 to 6, equally likely.
    private static double CaseAccuracy(double accuracy, double correlation)
    {
        double a = accuracy * ((1 / correlation) - 1), b = (1 - accuracy) * ((1 / correlation) - 1);
        return Enumerable.Range(3, 4).Average(n => Enumerable.Range(0, n).Aggregate(1.0, (product, i) => product * (a + i) / (a + b + i)));
    }
}

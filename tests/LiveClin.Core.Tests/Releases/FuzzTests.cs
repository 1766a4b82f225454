using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Releases;

/// <summary>Damaged lines give cases or problems, never another exception.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Tokens =
        ["null", "true", "[]", "{}", "\"\"", "-0", "1e999", "\\ud800", "\\u0000", "\"A\"", ",", ":", "}", "]", "\"", "\\", "\u0001",
            "\ufeff", "NaN", "../..", "\"pmc\"", "\"options\":{}"];

    [Fact]
    public void Mutated_lines_never_crash_the_parser()
    {
        // One seed is enough: what a search by others finds is found by chance, on somebody else's day.
        var random = new Random(20261130);
        var lines = File.ReadAllLines(SharedData.DemoJsonl).Where(l => l.Length > 0).Select(Encoding.UTF8.GetBytes).ToArray();
        var (parsed, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var line = Mutate(lines[random.Next(lines.Length)], random);
            var problems = new ProblemList("fuzz.jsonl");
            try
            {
                var @case = new CaseParser(problems).Parse(line, 1, 0);
                Assert.Equal(@case is null, problems.ErrorCount > 0);
                if (@case is null) refused++;
                else parsed++;
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}: {e}\n{Convert.ToBase64String(line)}");
            }
        }

        Assert.True(parsed > 100 && refused > 100, $"{parsed} parsed, {refused} refused");
    }

    private static byte[] Mutate(byte[] line, Random random)
    {
        var bytes = line.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)])); break;
                case 3: bytes[at] = (byte)"{}[]\",:0"[random.Next(8)]; break;
                case 4: ReplaceValue(bytes, at, Tokens[random.Next(Tokens.Length)]); break;
                default: Repeat(bytes, at, random.Next(at + 1)); break;
            }
        }

        return [.. bytes];
    }

    private static void Repeat(List<byte> bytes, int at, int from) =>
        bytes.InsertRange(at, bytes.GetRange(from, Math.Min(Math.Min(at, 30) / 2, bytes.Count - from)));

    // From the next colon to the next comma: mostly valid JSON with a value of another type.
    private static void ReplaceValue(List<byte> bytes, int from, string value)
    {
        var colon = bytes.IndexOf((byte)':', from);
        var comma = colon < 0 ? -1 : bytes.IndexOf((byte)',', colon);
        if (comma < 0) return;
        bytes.RemoveRange(colon + 1, comma - colon - 1);
        bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(value));
    }
}

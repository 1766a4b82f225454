using System.Text;

namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>Changes inputs at random, the same way for the same seed: mostly so little that what reads them gets far.</summary>
internal sealed class Mutator(Random random)
{
    private const int Longest = 64 << 10;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "\"\"", "-0", "1e999", "NaN", "\\ud800", "\\u0000", "\uFFFF", "\u202E", "\u001b]0;x\a", "\ufeff",
            "data: ", "\n\n", "[DONE]",
            "\"content\"", "\"error\"", "\"choices\"", "\"finish_reason\"", "\\boxed{A}", "<think>", "../..", "9999999999999999999",
            "<html>",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xff, 0xff, 0xff], [0x50, 0x4b, 0x01, 0x02], [0x50, 0x4b, 0x06, 0x06], [0xc3, 0x28], [0x80], [0x00],
    ];

    /// <summary>A changed copy of one of the inputs.</summary>
    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (var changes = 1 + random.Next(4); changes > 0; changes--) Change(bytes, corpus);
        return bytes.Count > Longest ? [.. bytes[..Longest]] : [.. bytes];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes.RemoveRange(at, Math.Min(1 + random.Next(40), bytes.Count - at));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)"{}[]\",:0\\"[random.Next(9)];
                break;
            case 3 when at < bytes.Count:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + random.Next(200), bytes.Count - at)));
                break;
            case 4: // as deep as a stack
                bytes.InsertRange(at, Enumerable.Repeat((byte)"[{"[random.Next(2)], random.Next(3000)));
                break;
            case 5: // the beginning of one and the end of another
                var other = corpus[random.Next(corpus.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[Math.Min(other.Length, at)..]);
                break;
            default:
                bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                break;
        }
    }
}

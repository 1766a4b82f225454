using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Tests.Releases;

/// <summary>However a file arrives in pieces, its lines and its hash are the same.</summary>
public sealed class JsonLinesPropertyTests
{
    private const int MaxLine = 40;

    [Fact]
    public void Lines_are_those_between_newlines_whatever_the_pieces()
    {
        var bytes = Gen.OneOf(Gen.Constant((byte)'\n'), Gen.Choose(0, 255).Select(b => (byte)b), Gen.Constant((byte)'x')).ListOf()
            .Select(l => l.ToArray());
        Prop.ForAll(bytes.ToArbitrary(), Gen.Choose(1, 100).ToArbitrary(), (content, piece) =>
        {
            var expected = Split(content);
            var (lines, hash) = Read(content, piece);
            return expected.Count == lines.Count && expected.Zip(lines).All(p => p.First.AsSpan().SequenceEqual(p.Second))
                && hash == Convert.ToHexStringLower(SHA256.HashData(content));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261130, 11));
    }

    private static List<byte[]> Split(byte[] content)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', start);
            if (end < 0) end = content.Length;
            lines.Add(end - start > MaxLine ? [] : content[start..end]);
            start = end + 1;
        }

        return lines;
    }

    private static (List<byte[]> Lines, string Hash) Read(byte[] content, int piece)
    {
        using var lines = new JsonLines(new PiecewiseStream(content, piece), MaxLine);
        var read = new List<byte[]>();
        while (Complete(lines.ReadAsync(CancellationToken.None)))
        {
            Assert.Equal(read.Count + 1, lines.Number);
            read.Add(lines.Line.ToArray());
        }

        return (read, lines.Hash());
    }

    private static bool Complete(ValueTask<bool> read)
    {
        Assert.True(read.IsCompleted); // the stream is in memory
        return read.Result;
    }

    private sealed class PiecewiseStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}

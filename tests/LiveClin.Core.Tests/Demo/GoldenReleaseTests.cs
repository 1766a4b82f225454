using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Core.Tests.Demo;

/// <summary>What was recorded on the demo release holds for these bytes alone.</summary>
public sealed class GoldenReleaseTests
{
    [Fact]
    public void The_demo_release_is_the_one_of_the_recordings()
    {
        Assert.Equal("2c6377d2589ac9d0e206d95c54913859927e4269a72a9ee9da4ee7d41c428552",
            HashOf(Path.Combine(DemoRelease.Folder, "demo.jsonl")));
        var images = Directory.GetFiles(DemoRelease.Images).Order(StringComparer.Ordinal)
            .Select(path => $"{HashOf(path)}  {Path.GetFileName(path)}\n");
        Assert.Equal("63b1e4fb06bec5948df27a6f0f54eec0bebb8927927ec2c8df7a619a8f8cfcb3",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(images)))));
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}

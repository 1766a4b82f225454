using LiveClin.Evaluator.Imports;

namespace LiveClin.Evaluator.Tests.Service;

public sealed class UploadLeftoverTests
{
    [Fact]
    public async Task What_a_killed_process_left_behind_goes_and_what_is_under_way_stays()
    {
        // Made whole elsewhere: every service that starts meanwhile removes what it finds under that name.
        var left = Directory.CreateTempSubdirectory("liveclin-");
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "file"), "half", TestContext.Current.CancellationToken);
        left.MoveTo(Path.Combine(Path.GetTempPath(), $"liveclin-import-{int.MaxValue}-{Guid.NewGuid():N}"));
        await using var upload = new Upload(new UploadLimits());
        await upload.AddAsync("results.json", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Upload.RemoveLeftovers();

        Assert.False(Directory.Exists(left.FullName));
        await upload.FinishAsync(TestContext.Current.CancellationToken);
        Assert.Single(Directory.GetFiles(upload.Folder));
    }
}

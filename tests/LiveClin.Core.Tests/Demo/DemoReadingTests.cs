using LiveClin.Core.Releases;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Demo;

/// <summary>The program's own reader finds the demo by name and has nothing to complain about.</summary>
public sealed class DemoReadingTests
{
    [Fact]
    public async Task The_reader_accepts_the_release_with_every_image()
    {
        var location = new ReleaseLocator(_ => null, SharedData.RepositoryRoot, SharedData.RepositoryRoot)
            .Locate(new ReleaseRequest("demo", Path.Combine(SharedData.RepositoryRoot, "data")));
        var release = await ReleaseReader.ReadAsync(location, new ReleaseOptions(), TestContext.Current.CancellationToken);

        Assert.Equal(DemoRelease.Cases.Select(c => c.Pmc), release.Cases.Select(c => c.Id));
        Assert.Equal(DemoRelease.Cases.Select(c => $"PMC{c.Pmc}.json"), release.Cases.Select(c => c.FileName));
        Assert.Equal(DemoRelease.Questions.Select(q => (q.Text, q.Key)),
            release.Cases.SelectMany(c => c.Questions).Select(q => (q.Text, q.Key)));
        Assert.Equal(80, release.QuestionCount);
        Assert.Equal(DemoRelease.Figures.Select(f => f.File).Order(),
            release.Cases.SelectMany(c => c.Figures.Concat(c.Questions.SelectMany(q => q.Figures))).Select(f => f.File).Order());
    }
}

using LiveClin.Core.Releases;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>Releases are found in every layout that people have on disk.</summary>
public sealed class ReleaseLocatorTests : IDisposable
{
    private readonly ReleaseFiles _files = new();
    private readonly Dictionary<string, string?> _environment = [];

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("data/2025H1/2025h1.jsonl", "data/2025H1/images", "2025H1")]
    [InlineData("data/2025_H1/2025_H1.jsonl", "data/2025_H1/image", "2025_H1")]
    [InlineData("data/data/2025_H1/2025_H1.jsonl", "data/data/2025_H1/image", "2025_H1")]
    public void Names_ignore_case_and_underscores(string jsonl, string images, string name)
    {
        _files.Write(jsonl, Case());
        _files.Write(images + "/x.png", "x");
        foreach (var wanted in new[] { "2025_H1", "2025h1", "2025H1", "2025-h1" })
            Assert.Equal(new ReleaseLocation(name, _files.Path(jsonl), _files.Path(images)), Locator().Locate(new ReleaseRequest(wanted)));
    }

    [Theory]
    [InlineData("demo/demo.jsonl")]
    [InlineData("data/demo/demo.jsonl")]
    public void Without_a_name_it_is_the_demo_found_from_folders_below(string jsonl)
    {
        _files.Write(jsonl, Case());
        Directory.CreateDirectory(_files.Path("a", "b"));
        Assert.Equal(_files.Path(jsonl), new ReleaseLocator(Variable, _files.Path("a", "b"), "/").Locate(new ReleaseRequest()).JsonlPath);
        Assert.Equal(_files.Path(jsonl), new ReleaseLocator(Variable, "/", _files.Path("a", "b")).Locate(new ReleaseRequest()).JsonlPath);
    }

    [Fact]
    public void The_nearest_data_folder_wins()
    {
        _files.Write("data/demo/demo.jsonl", Case());
        var near = _files.Write("a/data/demo/demo.jsonl", Case());
        Assert.Equal(near, new ReleaseLocator(Variable, _files.Path("a"), "/").Locate(new ReleaseRequest("demo")).JsonlPath);
    }

    [Fact]
    public void A_given_data_folder_is_the_only_place()
    {
        _files.Write("data/demo/demo.jsonl", Case());
        var other = _files.Write("elsewhere/r1/r1.jsonl", Case());
        Assert.Equal(other, Locator().Locate(new ReleaseRequest("R1", "elsewhere")).JsonlPath);
        Assert.Equal(
            $"There is no release 'demo': looked in {_files.Path("elsewhere")}; found r1. `dataset download` fetches one, and the path of a JSONL file is understood too.",
            Fails(new ReleaseRequest("demo", "elsewhere")));
    }

    [Fact]
    public void Paths_of_files_and_folders()
    {
        var jsonl = _files.Write("x/cases.jsonl", Case());
        _files.Write("x/images/a.png", "x");
        var expected = new ReleaseLocation("cases", jsonl, _files.Path("x", "images"));
        Assert.Equal(expected, Locator().Locate(new ReleaseRequest("x/cases.jsonl")));
        Assert.Equal(expected, Locator().Locate(new ReleaseRequest(jsonl)));
        Assert.Equal(expected, Locator().Locate(new ReleaseRequest("./x")));
        Assert.Equal(expected, Locator().Locate(new ReleaseRequest("x")));
        Assert.Equal(expected with { ImageRoot = _files.Path("pictures") },
            Locator().Locate(new ReleaseRequest(JsonlPath: "x/cases.jsonl", ImageRoot: "pictures", Dataset: "other")));
    }

    [Fact]
    public void The_environment_speaks_where_no_setting_does()
    {
        var jsonl = _files.Write("x/cases.jsonl", Case());
        var demo = _files.Write("data/demo/demo.jsonl", Case());
        _files.Write("data/demo/images/a.png", "x");
        _environment["JSONL_PATH"] = "x/cases.jsonl";
        _environment["IMAGE_ROOT_PATH"] = "pictures";
        Assert.Equal((jsonl, _files.Path("pictures")), Found(new ReleaseRequest()));
        Assert.Equal((jsonl, _files.Path("mine")), Found(new ReleaseRequest(ImageRoot: "mine")));
        Assert.Equal((demo, _files.Path("data", "demo", "images")), Found(new ReleaseRequest("demo")));
        Directory.Delete(_files.Path("data", "demo", "images"), recursive: true);
        Assert.Equal((demo, _files.Path("pictures")), Found(new ReleaseRequest("demo")));
        Assert.Equal((demo, _files.Path("pictures")), Found(new ReleaseRequest(JsonlPath: demo)));
    }

    [Fact]
    public void What_cannot_be_found_says_what_was_looked_for_and_what_exists()
    {
        _files.Write("data/b/b.jsonl", Case());
        _files.Write("data/a/a.jsonl", Case());
        _files.Write("data/several/x.jsonl", Case());
        _files.Write("data/several/y.jsonl", Case());
        _files.Write("data/2025H1/2025h1.jsonl", Case());
        _files.Write("data/2025_H1/2025_H1.jsonl", Case());
        Directory.CreateDirectory(_files.Path("empty"));
        var data = _files.Path("data");
        Assert.Equal(
            $"There is no release '2026': looked in {data}; found 2025H1, 2025_H1, a, b. `dataset download` fetches one, and the path of a JSONL file is understood too.",
            Fails(new ReleaseRequest("2026", data)));
        Assert.Equal(
            $"The name '2025h1' fits several releases: {data}/2025H1/2025h1.jsonl, {data}/2025_H1/2025_H1.jsonl. Give the path of one.",
            Fails(new ReleaseRequest("2025h1", data)));
        Assert.Equal($"{data}/2025H1/2025h1.jsonl", Locator().Locate(new ReleaseRequest("2025H1", data)).JsonlPath);
        Assert.Equal($"There is no file or folder {_files.Path("nothing.jsonl")} (the dataset).",
            Fails(new ReleaseRequest("nothing.jsonl")));
        Assert.Equal($"{data}/several (the dataset) holds several .jsonl files (x.jsonl, y.jsonl); give the path of one.",
            Fails(new ReleaseRequest("data/several")));
        Assert.Equal($"{_files.Path("empty")} (the given JSONL path) holds no .jsonl file.", Fails(new ReleaseRequest(JsonlPath: "empty")));
        _environment["JSONL_PATH"] = "/nowhere/x.jsonl";
        Assert.Equal("There is no file or folder /nowhere/x.jsonl (the environment variable JSONL_PATH).", Fails(new ReleaseRequest()));
    }

    [Fact]
    public void Without_any_data_folder()
    {
        Assert.Equal(
            $"There is no release 'demo': there is no folder {_files.Path("data")}; no release is there. `dataset download` fetches one, and the path of a JSONL file is understood too.",
            Fails(new ReleaseRequest("demo", _files.Path("data"))));
        Assert.Empty(Locator().Discover(_files.Path("data")));
    }

    [Fact]
    public void An_archive_stands_for_its_folder_and_the_fuller_folder_is_taken()
    {
        var jsonl = _files.Write("data/r/r.jsonl", Case());
        var archive = _files.Write("data/r/images.zip", "zip");
        Assert.Equal(new ReleaseLocation("r", jsonl, _files.Path("data", "r", "images"), archive),
            Locator().Locate(new ReleaseRequest("r")));
        Directory.CreateDirectory(_files.Path("data", "r", "images"));
        var image = _files.Write("data/r/image/x.png", "x");
        Assert.Equal(new ReleaseLocation("r", jsonl, Path.GetDirectoryName(image)!), Locator().Locate(new ReleaseRequest("r")));
    }

    private ReleaseLocator Locator() => new(Variable, _files.Root, _files.Root);

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private (string, string) Found(ReleaseRequest request) =>
        Locator().Locate(request) is var found ? (found.JsonlPath, found.ImageRoot) : default;

    private string Fails(ReleaseRequest request) => Assert.Throws<ReleaseNotFoundException>(() => Locator().Locate(request)).Message;
}

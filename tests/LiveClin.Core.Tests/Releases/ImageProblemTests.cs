using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>Images that cannot be shown are errors before a run; paths that leave the image root always are.</summary>
public sealed class ImageProblemTests : IDisposable
{
    private const string Field = "t.jsonl:1: exam_creation.final_policy.mcqs[0].image_details[0].file: ";
    private const string Advice = "; mend the data, or pass --allow-missing-images to run without it, as published";

    private readonly ReleaseFiles _files = new();

    public ImageProblemTests() => Directory.CreateDirectory(_files.Path("images"));

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("../../etc/passwd", "'../../etc/passwd' leaves the image root")]
    [InlineData("a/../../t.jsonl", "'a/../../t.jsonl' leaves the image root")]
    [InlineData("..", "'..' leaves the image root")]
    [InlineData("../images", "'../images' leaves the image root")]
    [InlineData("../images2/x.png", "'../images2/x.png' leaves the image root")]
    [InlineData("/etc/passwd", "'/etc/passwd' is an absolute path; write it relative to the image root")]
    [InlineData("..\\x.png", "'..\\x.png' is a Windows path; write it relative to the image root, with '/'")]
    [InlineData("C:\\x.png", "'C:\\x.png' is a Windows path; write it relative to the image root, with '/'")]
    [InlineData("c:x.png", "'c:x.png' is a Windows path; write it relative to the image root, with '/'")]
    [InlineData("x\0.png", "'x\\0.png' contains a NUL character")]
    public async Task Paths_that_leave_the_root_are_errors_whatever_is_allowed(string file, string message)
    {
        Assert.Equal(Field + message, await _files.FailAsync(CaseWithImage(file)));
        Assert.Equal(Field + message, await _files.FailAsync(CaseWithImage(file), new ReleaseOptions { AllowMissingImages = true }));
        Assert.Equal(Field + message, await _files.FailAsync(CaseWithImage(file), new ReleaseOptions { CheckImages = false }));
        Assert.Equal(Field + message, await _files.FailAsync(CaseWithImage(file), new ReleaseOptions { ImageMode = ImageMode.Url }));
    }

    [Theory]
    [InlineData("a.jpg", "<!DOCTYPE html><title>404</title>", "is a web page and no image")]
    [InlineData("a.png", "\0\0\0\0\0\0\0\0", "holds zeros where an image begins: an unfinished download or a damaged disk")]
    [InlineData("a.jpg", "\u00FF\u00D8\u00FF\u00E0 half of it", "ends before the end of a JPEG: it was cut off")]
    [InlineData("a.jpg", "RIFF\u0004\0\0\0WEBP", "is a WebP by its content, although its name says JPEG; it is sent as image/jpeg")]
    [InlineData("a.png", "\u0089PNG\r\n\u001a\n....IDAT....", "ends before the end of a PNG: it was cut off")]
    [InlineData("a.webp", "RIFF\u0099\0\0\0WEBPVP8 ", "ends before the end of a WebP: it was cut off")]
    [InlineData("a.gif", "GIF89a half; of it", "ends before the end of a GIF: it was cut off")]
    [InlineData("a.bmp", "BM\u0099\0\0\0....", "ends before the end of a BMP: it was cut off")]
    [InlineData("a.avif", "\0\0\0\0\0\0\0\0", "holds zeros where an image begins: an unfinished download or a damaged disk")]
    [InlineData("a.svg", "<html>login</html>", "is a web page and no image")]
    [InlineData("a.gif", "hello, world", "is no image of a known kind, although its name says GIF: it begins with 68656C6C")]
    public async Task A_file_that_is_not_the_image_of_its_name_is_a_warning(string file, string content, string words)
    {
        _files.Write("images/" + file, System.Text.Encoding.Latin1.GetBytes(content));

        var release = await _files.ReadAsync(CaseWithImage(file));

        Assert.Equal([Field + $"'{file}' {words}"], _files.Warnings(release));
    }

    [Theory]
    [InlineData("a.jpg", "\u00FF\u00D8\u00FF\u00E0 all of it \u00FF\u00D9 and padding")]
    [InlineData("a.png", "\u0089PNG\r\n\u001a\n....IEND....")]
    [InlineData("a.gif", "GIF89a...;")]
    [InlineData("a.webp", "RIFF\u0004\0\0\0WEBP")]
    [InlineData("a.gif", "GIF89a...\0;\0\0")]
    [InlineData("a.bmp", "BM\u000A\0\0\0....")]
    [InlineData("a.svg", "<svg/>")]
    [InlineData("b.svg", "<!DOCTYPE svg><svg/>")]
    public async Task A_file_that_is_raises_none(string file, string content)
    {
        _files.Write("images/" + file, System.Text.Encoding.Latin1.GetBytes(content));
        Assert.Empty(_files.Warnings(await _files.ReadAsync(CaseWithImage(file))));
    }

    [Theory]
    [InlineData("link.png")]
    [InlineData("folder/secret.png")]
    public async Task Links_that_leave_the_root_are_errors(string file)
    {
        _files.Write("outside/secret.png", "x");
        File.CreateSymbolicLink(_files.Path("images", "link.png"), "../outside/secret.png");
        Directory.CreateSymbolicLink(_files.Path("images", "folder"), _files.Path("outside"));
        Assert.Equal(Field + $"'{file}' leaves the image root", await _files.FailAsync(CaseWithImage(file), new ReleaseOptions
        {
            AllowMissingImages = true,
        }));
    }

    [Theory]
    [InlineData("link.png")]
    [InlineData("folder/x.png")]
    [InlineData("./sub//x.png")]
    [InlineData("sub/../sub/x.png")]
    public async Task Links_and_detours_inside_the_root_are_fine(string file)
    {
        _files.Write("images/sub/x.png", "x");
        File.CreateSymbolicLink(_files.Path("images", "link.png"), "sub/x.png");
        Directory.CreateSymbolicLink(_files.Path("images", "folder"), "sub");
        var release = await _files.ReadAsync(CaseWithImage(file));
        var found = new ImageResolver(release.ImageRoot).Find(file)!;
        Assert.Equal(("image/png", 1), (found.MediaType, found.Bytes));
        Assert.Equal("x", await File.ReadAllTextAsync(found.Path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("x.png/", "image/png")]
    [InlineData("x.png/.", "image/png")]
    [InlineData("to-png.dat", "image/png")]
    [InlineData("to-data.png", null)]
    public void The_type_is_that_of_the_real_file_as_published(string file, string? mediaType)
    {
        _files.Write("images/x.png", "x");
        _files.Write("images/x.dat", "x");
        File.CreateSymbolicLink(_files.Path("images", "to-png.dat"), "x.png");
        File.CreateSymbolicLink(_files.Path("images", "to-data.png"), "x.dat");
        Assert.Equal((ImageStatus.Found, mediaType),
            (new ImageResolver(_files.Path("images")).Look(file) is var look ? look.Status : default, look.File?.MediaType));
    }

    [Fact]
    public async Task The_root_itself_may_be_a_link()
    {
        _files.Write("real/x.png", "x");
        Directory.Delete(_files.Path("images"));
        Directory.CreateSymbolicLink(_files.Path("images"), "real");
        Assert.Contains("begins with 78", Assert.Single(_files.Warnings(await _files.ReadAsync(CaseWithImage("x.png")))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_image_is_an_error_that_names_the_way_out()
    {
        Assert.Equal(Field + "there is no file 'x.png' below images" + Advice, await _files.FailAsync(CaseWithImage("x.png")));
        var release = await _files.ReadAsync(CaseWithImage("x.png"), new ReleaseOptions { AllowMissingImages = true });
        Assert.Equal([Field + "there is no file 'x.png' below images"], _files.Warnings(release));
    }

    [Fact]
    public async Task Broken_links_circles_and_folders_are_missing_images()
    {
        File.CreateSymbolicLink(_files.Path("images", "broken.png"), "nothing.png");
        File.CreateSymbolicLink(_files.Path("images", "circle.png"), "circle.png");
        Directory.CreateDirectory(_files.Path("images", "folder.png"));
        foreach (var file in new[] { "broken.png", "circle.png", "folder.png" })
            Assert.Equal(Field + $"there is no file '{file}' below images" + Advice, await _files.FailAsync(CaseWithImage(file)));
    }

    [Fact]
    public async Task An_image_over_the_data_uri_limit_is_an_error()
    {
        using (var big = File.Create(_files.Path("images", "x.png"))) big.SetLength(50_000_000);
        Assert.Equal(Field + "'x.png' has 47.7 MiB; as a data URI it is over the limit of 20 MiB" + Advice,
            await _files.FailAsync(CaseWithImage("x.png")));
        Assert.Single((await _files.ReadAsync(new ReleaseOptions { AllowMissingImages = true })).Warnings);
    }

    [Theory]
    [InlineData(15_728_622, true)] // data:image/png;base64, has 22 characters: 22 + 4 · ⌈n/3⌉ ≤ 20971520
    [InlineData(15_728_624, false)]
    public async Task The_limit_counts_the_characters_of_the_data_uri(long bytes, bool fits)
    {
        using (var file = File.Create(_files.Path("images", "x.png"))) file.SetLength(bytes);
        _files.Write("t.jsonl", CaseWithImage("x.png"));
        Assert.Equal(fits, await Record.ExceptionAsync(() => _files.ReadAsync()) is null);
    }

    [Fact]
    public async Task Empty_files_and_lfs_pointers_are_errors()
    {
        _files.Write("images/empty.png", "");
        _files.Write("images/pointer.png", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
        Assert.Equal(Field + "'empty.png' is empty" + Advice, await _files.FailAsync(CaseWithImage("empty.png")));
        Assert.Equal(
            Field + "'pointer.png' is only a Git LFS pointer; fetch the data with `git lfs pull` or `dataset download`" + Advice,
            await _files.FailAsync(CaseWithImage("pointer.png")));
    }

    [Fact]
    public async Task An_unknown_type_is_a_warning()
    {
        _files.Write("images/x.dcm", "x");
        Assert.Equal(
            [Field + "'x.dcm' has no known image type; the image is not sent, although its caption line stays, as published"],
            _files.Warnings(await _files.ReadAsync(CaseWithImage("x.dcm"))));
    }

    [Fact]
    public async Task A_missing_image_folder_is_one_problem()
    {
        Directory.Delete(_files.Path("images"));
        var jsonl = CaseWithImage("x.png") + "\n" + CaseWithImage("y.png", "2");
        Assert.Equal(
            "t.jsonl: there is no image folder images; give the right one (--image-root), or pass --allow-missing-images to run without images, as published",
            await _files.FailAsync(jsonl));
        Assert.Single((await _files.ReadAsync(jsonl, new ReleaseOptions { AllowMissingImages = true })).Warnings);
        Assert.Empty((await _files.ReadAsync(jsonl, new ReleaseOptions { ImageMode = ImageMode.Url })).Warnings);
        Assert.Empty((await _files.ReadAsync(jsonl, new ReleaseOptions { CheckImages = false })).Warnings);
    }

    [Fact]
    public async Task Figures_that_are_never_shown_need_no_file()
    {
        var release = await _files.ReadAsync(Case(policy: """, "scenario_image_details": [{"file": "x.png", "caption_prefix": ""}, {"file": "y.png"}]"""));
        Assert.Empty(release.Warnings);
        Assert.Equal(["x.png", "y.png"], release.Cases[0].Figures.Select(f => f.File));
    }

    [Fact]
    public async Task Url_mode_checks_addresses()
    {
        var options = new ReleaseOptions { ImageMode = ImageMode.Url };
        var jsonl = Case(policy: """, "scenario_image_details": [{"caption_prefix": "Figure 1"}, {"caption_prefix": "Figure 2", "url": "ftp://x/y.png"}]""");
        Assert.Equal(
            "t.jsonl:1: exam_creation.final_policy.scenario_image_details[0].url: is missing; the image cannot be sent by address" + Advice,
            await _files.FailAsync(jsonl, options));
        Assert.Equal(
            [
                "t.jsonl:1: exam_creation.final_policy.scenario_image_details[0].url: is missing; the image cannot be sent by address",
                "t.jsonl:1: exam_creation.final_policy.scenario_image_details[1].url: is no http(s) address; the image is not sent, although its caption line stays, as published",
            ],
            _files.Warnings(await _files.ReadAsync(options with { AllowMissingImages = true })));
    }

    [Theory]
    [InlineData("a.jpg", "image/jpeg")]
    [InlineData("a.JPG", "image/jpeg")]
    [InlineData("a.b/c.PnG", "image/png")]
    [InlineData("a.webp", "image/webp")]
    [InlineData("a.tif", "image/tiff")]
    [InlineData("a.bmp", "image/bmp")]
    [InlineData("a.svgz", "image/svg+xml")]
    [InlineData("a.svgz.xz", null)]
    [InlineData("a.png.gz", "image/png")]
    [InlineData("a.png.GZ", null)]
    [InlineData("a.pdf", null)]
    [InlineData("a.png ", null)]
    [InlineData(".png", null)]
    [InlineData("a.png/b", null)]
    [InlineData("png", null)]
    public void Media_types_are_those_of_python(string file, string? type) => Assert.Equal(type, MediaTypes.OfImage(file));
}

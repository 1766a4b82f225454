using System.Text;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>Bad input gets a clear error that says where.</summary>
public sealed class BadReleaseTests : IDisposable
{
    private readonly ReleaseFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Broken_json_names_its_line_and_byte()
    {
        var lines = Enumerable.Range(1, 9).Select(i => i == 7 ? """{"pmc": "7", }""" : Case($"{i}"));
        Assert.Equal(
            "t.jsonl:7: is not valid JSON at byte 14 of the line: The JSON object contains a trailing comma at the end which is not supported in this mode. Change the reader options.",
            await _files.FailAsync(string.Join('\n', lines)));
    }

    [Theory]
    [InlineData("""["a"]""", "t.jsonl:1: is a list; each line must be one JSON object")]
    [InlineData("7", "t.jsonl:1: is a number; each line must be one JSON object")]
    [InlineData("""{"pmc": "1"}""", "t.jsonl:1: exam_creation: is missing")]
    [InlineData("""{"pmc": "1", "exam_creation": []}""", "t.jsonl:1: exam_creation: must be an object, not a list")]
    [InlineData("""{"pmc": "1", "exam_creation": {"final_policy": null}}""", "t.jsonl:1: exam_creation.final_policy: must be an object, not null")]
    public async Task A_line_that_is_no_case(string line, string message) => Assert.Equal(message, await _files.FailAsync(line));

    [Theory]
    [InlineData("null", "must be a string, not null")]
    [InlineData("7", "must be a string, not a number")]
    [InlineData("[\"x\"]", "must be a string, not a list")]
    public async Task Scenario_of_a_wrong_type(string scenario, string message) =>
        Assert.Equal("t.jsonl:1: exam_creation.final_policy.scenario: " + message, await _files.FailAsync(Case(scenario: scenario)));

    [Theory]
    [InlineData("null", ": must be a list, not null")]
    [InlineData("{}", ": must be a list, not an object")]
    [InlineData("[]", ": is empty; a case needs at least one question")]
    [InlineData("[3]", "[0]: must be an object, not a number")]
    public async Task Questions_of_a_wrong_type(string mcqs, string message) =>
        Assert.Equal("t.jsonl:1: exam_creation.final_policy.mcqs" + message, await _files.FailAsync(Case(mcqs: mcqs)));

    [Theory]
    [InlineData("{}", "\"A\"", "options: is empty; a question needs options")]
    [InlineData("[\"one\"]", "\"A\"", "options: must be an object of letters and texts, not a list")]
    [InlineData("""{"A": "one", "B": null}""", "\"A\"", "options.B: must be a string, not null")]
    [InlineData("""{"A": "one", "a": "two"}""", "\"A\"", "options: has the letters 'A' and 'a', which differ only in case")]
    [InlineData("""{"A": "one", "B": "two"}""", "\"C\"", "correct_answer: is 'C', which is not among the options A, B")]
    [InlineData("""{"A": "one", "B": "two"}""", "\" A\"", "correct_answer: is ' A', which is not among the options A, B")]
    [InlineData("""{"A": "one"}""", "null", "correct_answer: must be a string, not null")]
    [InlineData("""{"A": "one"}""", "1", "correct_answer: must be a string, not a number")]
    public async Task Options_and_key(string options, string key, string message) =>
        Assert.Equal("t.jsonl:1: exam_creation.final_policy.mcqs[0]." + message, await _files.FailAsync(Case(options: options, key: key)));

    [Theory]
    [InlineData("\"pmc\": \"../../etc/passwd\"", "pmc", "../../etc/passwd")]
    [InlineData("\"pmc\": \"..\"", "pmc", "..")]
    [InlineData("\"pmc\": \"a\\\\..\\\\b\"", "pmc", "a\\..\\b")]
    [InlineData("\"pmid\": \"/../1\"", "pmid", "/../1")]
    [InlineData("\"doi\": \"10.1/../x\"", "doi", "10.1/../x")]
    public async Task An_identifier_that_is_a_path(string ids, string field, string text) => Assert.Equal(
        $"t.jsonl:1: {field}: is '{text}', which is a path and no identifier",
        await _files.FailAsync(Case().Replace("\"pmc\": \"1\"", ids, StringComparison.Ordinal)));

    [Fact]
    public async Task All_problems_come_at_once()
    {
        var jsonl = string.Join('\n',
            """{"pmc": "1", "exam_creation": {"final_policy": {"mcqs": [{"options": {"A": "x"}, "correct_answer": "A"}, {"question": "q"}]}}}""",
            "",
            "{",
            Case("4"),
            Case("4"));
        Assert.Equal(
            """
            6 problems in the release:
            t.jsonl:1: exam_creation.final_policy.scenario: is missing
            t.jsonl:1: exam_creation.final_policy.mcqs[0].question: is missing
            t.jsonl:1: exam_creation.final_policy.mcqs[1].options: is missing
            t.jsonl:1: exam_creation.final_policy.mcqs[1].correct_answer: is missing
            t.jsonl:3: is not valid JSON at byte 2 of the line: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.
            t.jsonl:5: has the identifier '4' of line 4; every case needs its own
            """,
            await _files.FailAsync(jsonl));
    }

    [Fact]
    public async Task Problems_are_counted_beyond_those_that_are_kept()
    {
        _files.Write("t.jsonl", string.Concat(Enumerable.Repeat("x\n", 1200)));
        var e = await Assert.ThrowsAsync<ReleaseException>(() => _files.ReadAsync());
        Assert.Equal((1000, 1200), (e.Problems.Length, e.TotalProblems));
        Assert.EndsWith("\n… and 1180 more.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "t.jsonl: is empty; a release has one case per line")]
    [InlineData("\n", "t.jsonl: holds no cases, only 1 blank line")]
    [InlineData("\n \r\n\t", "t.jsonl: holds no cases, only 3 blank lines")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
        "t.jsonl: is only a Git LFS pointer; fetch the data with `git lfs pull` or `dataset download`")]
    [InlineData("PK\x03\x04", "t.jsonl: is compressed; unpack it first")]
    public async Task A_file_that_is_no_release(string content, string message) => Assert.Equal(message, await _files.FailAsync(content));

    [Fact]
    public async Task A_file_that_does_not_exist()
    {
        var e = await Assert.ThrowsAsync<ReleaseNotFoundException>(() => _files.ReadAsync());
        Assert.Equal($"There is no file {_files.Jsonl}.", e.Message);
    }

    [Fact]
    public async Task Invalid_utf8_names_line_and_byte()
    {
        _files.Write("t.jsonl", [.. Encoding.UTF8.GetBytes(Case() + "\n{\"pmc\": \"ä"), 0xff, .. "\"}"u8]);
        var e = await Assert.ThrowsAsync<ReleaseException>(() => _files.ReadAsync());
        Assert.Equal($"{_files.Jsonl}:2: is not valid UTF-8 at byte 12 of the line; the file must be saved as UTF-8", e.Message);
    }

    [Fact]
    public async Task Utf16_is_named()
    {
        _files.Write("t.jsonl", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Case())]);
        Assert.Equal($"{_files.Jsonl}: is UTF-16; save it as UTF-8",
            (await Assert.ThrowsAsync<ReleaseException>(() => _files.ReadAsync())).Message);
    }

    [Theory]
    [InlineData("""{"A": "\ud83d"}""", "exam_creation.final_policy.mcqs[0].options.A: ")]
    [InlineData("""{"A": "x", "\udc00": "y"}""", "exam_creation.final_policy.mcqs[0].options: ")]
    public async Task Half_a_surrogate_pair(string options, string field) =>
        Assert.Equal($"t.jsonl:1: {field}contains half of a surrogate pair (an escape such as \\ud83d without its other half), which is no text", await _files.FailAsync(Case(options: options)));

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        var message = await _files.FailAsync(Case(policy: ", \"x\": " + new string('[', 100_000) + new string(']', 100_000)));
        Assert.Equal("t.jsonl:1: is not valid JSON at byte 230 of the line: The maximum configured depth of 64 has been exceeded. Cannot read next JSON array.", message);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_and_the_next_line_is_read()
    {
        _files.Write("t.jsonl",
            [.. Encoding.UTF8.GetBytes("{\"x\": \""), .. Enumerable.Repeat((byte)'x', 33 * 1024 * 1024), .. "\"}\n{}"u8]);
        var e = await Assert.ThrowsAsync<ReleaseException>(() => _files.ReadAsync());
        Assert.Equal(["is longer than 32 MiB", "is missing"], e.Problems.Select(p => p.Message));
        Assert.Equal([1, 2], e.Problems.Select(p => p.Line));
    }

    [Theory]
    [InlineData("""  "pmc": true """, "pmc: must be a string or a number, not a truth value")]
    [InlineData("""  "pmid": ["1"] """, "pmid: must be a string or a number, not a list")]
    [InlineData("""  "doi": {"a": 1} """, "doi: must be a string or a number, not an object")]
    public async Task Identifiers_of_a_wrong_type(string ids, string message) =>
        Assert.Equal("t.jsonl:1: " + message, await _files.FailAsync(Case(ids: ids)));

    [Theory]
    [InlineData("""{"caption_prefix": 3}""", "caption_prefix: must be a string, not a number")]
    [InlineData("""{"file": ["a.png"]}""", "file: must be a string, not a list")]
    [InlineData("""{"url": {}}""", "url: must be a string, not an object")]
    public async Task Figures_of_a_wrong_type(string figure, string message) =>
        Assert.Equal(
            "t.jsonl:1: exam_creation.final_policy.scenario_image_details[0]." + message,
            await _files.FailAsync(Case(policy: $", \"scenario_image_details\": [{figure}]"),
                new ReleaseOptions { ImageMode = ImageMode.Url }));

    [Fact]
    public async Task Messages_carry_no_control_characters() =>
        Assert.Equal(
            "t.jsonl:1: exam_creation.final_policy.mcqs[0].correct_answer: is ' ok', which is not among the options A",
            await _files.FailAsync(Case(options: """{"A": "one"}""", key: "\"\\u001b[2j\\nok\"")));

    [Fact]
    public async Task Tables_of_a_wrong_type() =>
        Assert.Equal(
            """
            t.jsonl:1: exam_creation.final_policy.mcqs[0].table_details[0].content: must be a string, not a list
            t.jsonl:1: exam_creation.final_policy.mcqs[0].table_details[1]: must be an object, not a string
            t.jsonl:1: exam_creation.final_policy.mcqs[0].image_details: must be a list, not an object
            """.Split('\n').Order(),
            (await _files.FailAsync(Case(mcq: """, "table_details": [{"content": [["a"]]}, "x"], "image_details": {"file": "x"}"""))).Split('\n').Skip(1).Order());
}

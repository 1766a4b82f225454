using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>
/// The floor: a client that does nothing but send the same conversations over bare sockets, with images encoded once and
/// bodies made of shared segments. No HTTP library, no parsing of replies, no store, no validation.
/// Arguments: base URL, JSONL file, image folder, number of connections; then <c>one-by-one</c> for a send per segment, as such a client
/// is usually written, instead of one for all of them.
/// </summary>
internal static class BareSockets
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] Head = """{"model":"bench","n":1,"temperature":0,"max_tokens":16384,"messages":["""u8.ToArray();
    private static readonly byte[] Assistant = """,{"role":"assistant","content":"\\boxed{A}"},"""u8.ToArray();
    private static readonly byte[] End = "]}"u8.ToArray();

    public static async Task<int> RunAsync(string[] args)
    {
        var (address, jsonl, images, connections) =
            (new Uri(args[0]), args[1], args[2], int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture));
        var gathered = args.Length <= 4 || args[4] != "one-by-one";
        var encoded = Directory.EnumerateFiles(images).ToDictionary(path => Path.GetFileName(path)!, Encode);
        var lines = File.ReadAllLines(jsonl);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, address.Port);
            var buffer = new byte[4096];
            for (int i; (i = Interlocked.Increment(ref next)) < lines.Length;)
                await ConverseAsync(socket, lines[i], encoded, buffer, gathered);
        })));
        return 0;
    }

    private static async Task ConverseAsync(Socket socket, string line, Dictionary<string, byte[]> images, byte[] buffer, bool gathered)
    {
        using var document = JsonDocument.Parse(line);
        var policy = document.RootElement.GetProperty("exam_creation").GetProperty("final_policy");
        var messages = new List<ReadOnlyMemory<byte>>();
        var first = true;
        foreach (var question in policy.GetProperty("mcqs").EnumerateArray())
        {
            if (!first) messages.Add(Assistant);
            AddMessage(messages, Text(policy, question, first), question, images);
            first = false;
            var length = Head.Length + End.Length + messages.Sum(segment => (long)segment.Length);
            var request = Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
            List<ArraySegment<byte>> segments = [request, Head, .. messages.Select(Segment), End];
            if (gathered) await SendAllAsync(socket, segments);
            else foreach (var segment in segments) await SendAllAsync(socket, [segment]);
            var held = 0;
            while (buffer.AsSpan(0, held).IndexOf("\"usage\""u8) < 0) held += await socket.ReceiveAsync(buffer.AsMemory(held));
        }
    }

    private static string Text(JsonElement policy, JsonElement question, bool first)
    {
        var text = new StringBuilder();
        if (first) text.Append("* Scenario: ").Append(policy.GetProperty("scenario").GetString()).Append("\n\n");
        text.Append("* Question: ").Append(question.GetProperty("question").GetString()).Append("\n* Options:\n");
        foreach (var option in question.GetProperty("options").EnumerateObject())
            text.Append(option.Name).Append(". ").Append(option.Value.GetString()).Append('\n');
        return text.Append("\nPlease provide the letter of the correct option, formatted as \\boxed{LETTER} (e.g., \\boxed{A}).")
            .ToString();
    }

    private static void AddMessage(List<ReadOnlyMemory<byte>> messages, string text, JsonElement question,
        Dictionary<string, byte[]> images)
    {
        var head = new MemoryStream();
        head.Write("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"u8);
        using (var writer = new Utf8JsonWriter(head, Relaxed)) writer.WriteStringValue(text);
        head.Write("}"u8);
        messages.Add(head.ToArray());
        foreach (var image in question.GetProperty("image_details").EnumerateArray())
        {
            messages.Add(",{\"type\":\"image_url\",\"image_url\":{\"url\":\""u8.ToArray());
            messages.Add(images[image.GetProperty("file").GetString()!]);
            messages.Add("\"}}"u8.ToArray());
        }

        messages.Add("]}"u8.ToArray());
    }

    private static ArraySegment<byte> Segment(ReadOnlyMemory<byte> memory) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(memory, out var segment) ? segment : memory.ToArray();

    private static async Task SendAllAsync(Socket socket, List<ArraySegment<byte>> segments)
    {
        while (segments.Count > 0)
        {
            var sent = await socket.SendAsync(segments);
            while (segments.Count > 0 && sent >= segments[0].Count)
            {
                sent -= segments[0].Count;
                segments.RemoveAt(0);
            }

            if (sent > 0) segments[0] = segments[0][sent..];
        }
    }

    private static byte[] Encode(string path) =>
        Encoding.ASCII.GetBytes("data:image/png;base64," + Convert.ToBase64String(File.ReadAllBytes(path)));
}

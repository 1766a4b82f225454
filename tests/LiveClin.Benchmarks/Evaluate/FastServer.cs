using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>
/// A model server that costs next to nothing: reads each request to its end without looking at it and sends a fixed reply.
/// Prints its address, then the number of requests and bytes when its input closes.
/// </summary>
internal static class FastServer
{
    private static readonly byte[] ChatReply = Respond("""{"id":"x","object":"chat.completion","model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"\\boxed{A}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005}}""");
    private static readonly byte[] ModelsReply = Respond("""{"object":"list","data":[{"id":"bench","object":"model","created":0,"owned_by":"bench"}]}""");
    private static long _requests, _bytes;

    public static async Task<int> RunAsync(string[] args)
    {
        _ = args;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/v1");
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                client.NoDelay = true;
                _ = Task.Run(() => ServeAsync(client));
            }
        });
        // A line asks for the counts since the last one; the end of the input ends the server.
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine($"{Interlocked.Exchange(ref _requests, 0)} {Interlocked.Exchange(ref _bytes, 0)}");
        return 0;
    }

    private static async Task ServeAsync(Socket client)
    {
        using var _ = client;
        var buffer = new byte[64 * 1024];
        var held = 0;
        try
        {
            while (true)
            {
                int end;
                while ((end = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var read = await client.ReceiveAsync(buffer.AsMemory(held));
                    if (read == 0) return;
                    held += read;
                }

                var isChat = buffer.AsSpan(0, held).StartsWith("POST"u8);
                var body = ContentLength(Encoding.ASCII.GetString(buffer, 0, end));
                var left = body - (held - end - 4);
                while (left > 0)
                {
                    var read = await client.ReceiveAsync(buffer);
                    if (read == 0) return;
                    left -= read;
                }

                held = 0;
                if (isChat)
                {
                    Interlocked.Increment(ref _requests);
                    Interlocked.Add(ref _bytes, body);
                }

                await client.SendAsync(isChat ? ChatReply : ModelsReply);
            }
        }
        catch (SocketException)
        {
            // the client went away
        }
    }

    private static long ContentLength(string head)
    {
        foreach (var line in head.Split("\r\n"))
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                return long.Parse(line["Content-Length:".Length..].Trim(), System.Globalization.CultureInfo.InvariantCulture);
        return 0;
    }

    private static byte[] Respond(string json) =>
        Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

/// <summary>What is said of certificates before a server has been asked anything.</summary>
public sealed class PostgresTlsTests
{
    private const int RequestsTls = 80877103;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("junk")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    public async Task A_file_of_the_authority_that_is_no_certificate_is_no_server_that_is_away(string text)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["root.pem"], text, Cancellation);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = Task.Run(() => ServeAsync(server), Cancellation);
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        var refused = Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly(
            $"postgresql://u@127.0.0.1:{port}/d?sslmode=verify-ca&sslrootcert={folder["root.pem"]}"));
        server.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => serving);
        Assert.True(refused.Message.Contains("no certificate", StringComparison.Ordinal), refused.Message);
        Assert.Equal((StoreProblem.Refused, false), (refused.Problem, refused.MayPass));
    }

    private static async Task ServeAsync(TcpListener server)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        while (true)
        {
            using var client = await server.AcceptTcpClientAsync(Cancellation);
            var stream = client.GetStream();
            var message = new byte[8];
            await stream.ReadExactlyAsync(message, Cancellation);
            await stream.WriteAsync("S"u8.ToArray(), Cancellation);
            Assert.Equal(RequestsTls, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(4)));
            await using var encrypted = new SslStream(stream);
            try
            {
                await encrypted.AuthenticateAsServerAsync(certificate);
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client has gone.
            }
        }
    }
}

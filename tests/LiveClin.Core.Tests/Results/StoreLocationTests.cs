using LiveClin.Core.Results;
using LiveClin.Core.Results.Engines;
using LiveClin.Core.Text;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LiveClin.Core.Tests.Results;

/// <summary>How a store is named, and that a password is never said again.</summary>
public sealed class StoreLocationTests
{
    private const string Secret = "s3cr3t-Pa55";

    [Theory]
    [InlineData("results/liveclin.db", false, "results/liveclin.db")]
    [InlineData("a=b.db", false, "a=b.db")]
    [InlineData("./container", false, "./container")]
    [InlineData("./a:b.db", false, "./a:b.db")]
    [InlineData("Database=r;Username=ann", true, "postgresql://ann@localhost/r")]
    [InlineData("postgres://ann@db.example.org/results", true, "postgresql://ann@db.example.org/results")]
    [InlineData("postgresql://ann@db:6432/r?sslmode=verify-full&sslcert=/ann.pem", true,
        "postgresql://ann@db:6432/r?sslmode=verify-full&sslcert=/ann.pem")]
    [InlineData("postgresql://ann:s3cr3t-Pa55@db/r?application_name=x", true, "postgresql://ann@db/r")]
    [InlineData("postgresql://ann@db/r?password=s3cr3t-Pa55", true, "postgresql://ann@db/r")]
    [InlineData("postgresql://a%40b@[::1]:5433/r%20s", true, "postgresql://a%40b@[::1]:5433/r%20s")]
    [InlineData("postgresql:///r?host=/run/postgresql", true, "postgresql:///r?host=/run/postgresql&port=5432")]
    [InlineData("Host=db;Port=6432;Username=ann;Password=s3cr3t-Pa55;Database=r;SSL Mode=Require", true,
        "postgresql://ann@db:6432/r?sslmode=require")]
    public void A_store_is_a_file_or_a_database_and_its_name_opens_it_again(string text, bool isDatabase, string name)
    {
        var location = StoreLocation.Parse(text);
        Assert.Equal((isDatabase, name, text.Contains(Secret, StringComparison.Ordinal)),
            (location.IsDatabase, location.Name, location.HasPassword));
        Assert.Equal(name, StoreLocation.Parse(location.Name).Name);
    }

    [Theory]
    [InlineData("postgres://ann:s3cr3t-Pa55@db/r")]
    [InlineData("postgres://db/r?user=ann&password=s3cr3t-Pa55")]
    [InlineData("Host=db;Password=s3cr3t-Pa55")]
    [InlineData("postgres://ann:s3cr3t-Pa55@db/r?no_such_thing=1")]
    [InlineData("postgres://ann:s3cr3t-Pa55@db:port/r")]
    [InlineData("Host=db;Pasword=s3cr3t-Pa55")]
    [InlineData("host=127.0.0.1 password=s3cr3t-Pa55")]
    [InlineData("dbname=r password=s3cr3t-Pa55 host=db")]
    [InlineData("Host=db;Port=x;Password=s3cr3t-Pa55")]
    [InlineData("Database=r;Username=ann;Password=s3cr3t-Pa55")]
    [InlineData("Password=s3cr3t-Pa55")]
    [InlineData("Foo=x;Secret=s3cr3t-Pa55")]
    [InlineData("x://ann:s3cr3t-Pa55@h/r")]
    [InlineData("User Id=ann;Password=s3cr3t-Pa55;Database=r;Data Source=x")]
    [InlineData("jdbc:postgresql://ann:s3cr3t-Pa55@h/r")]
    [InlineData("mysql://ann:s3cr3t-Pa55@h/r")]
    [InlineData("postgres:/ann:s3cr3t-Pa55@h/r")]
    [InlineData("postgresql://ann:1234/s3cr3t-Pa55@h:5432/r")]
    [InlineData("postgresql://ann:12?s3cr3t-Pa55@h:5432/r")]
    public void A_password_in_an_argument_is_refused_without_saying_it(string text)
    {
        var problem = StoreLocation.FindProblem(text);
        Assert.NotNull(problem);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
        if (StoreProblemOf(text) is null) Assert.Contains("PGPASSWORD", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgresql://h/r?sslmode=bogus")]
    [InlineData("Host=h;SSL Mode=bogus")]
    public void A_wrong_mode_of_TLS_is_answered_with_those_that_there_are(string text) =>
        Assert.Contains("verify-ca and verify-full", StoreLocation.FindProblem(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "No store is named")]
    [InlineData(" ", "No store is named")]
    [InlineData("postgresql://ann@one:5432,two:5433/r", "several servers")]
    [InlineData("postgresql://ann@db/r?target_session_attrs=read-write", "target_session_attrs chooses among several servers")]
    [InlineData("postgresql://ann@db/r?sslrootcert=/nowhere/ca.pem", "sslrootcert names /nowhere/ca.pem, which is no file")]
    [InlineData("host=db dbname=r", "libpq's form with spaces")]
    public void What_cannot_be_a_store_is_refused_with_what_to_do(string text, string words) =>
        Assert.Contains(words, StoreLocation.FindProblem(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=h;Bogus=1", "the word 'Bogus'")]
    [InlineData("Host=h;Password=s3cr3t;Pa55=1", "its part 3")] // perhaps the end of a password
    [InlineData("Host=h;Password='s3;cr3t';Bogus=1", "part")]
    public void A_word_that_is_none_is_named_unless_it_may_be_a_part_of_a_password(string text, string named)
    {
        var problem = StoreLocation.FindProblem(text);
        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("Pa55", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("cr3t", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_reached_over_the_servers_own_socket()
    {
        await using var server = await TestDatabases.StartServerAsync();
        var database = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()).Database;
        var place = $"postgresql://{PostgresServer.Role}@/{database}?host={server.SocketFolder}&port={server.Port}";
        await SampleRuns.CreateStoreAsync(place, (SampleRuns.Run("r"), []));
        await using var store = ResultStore.OpenReadOnly(place);
        Assert.Equal("r", Assert.Single(store.ListRuns()).Id);
        // What the name says opens the same.
        await using var again = ResultStore.Open(store.Path);
        Assert.NotNull(await again.TryClaimAsync("r", 1, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_socket_is_asked_for_no_signs_of_life()
    {
        Assert.DoesNotContain("tcp_", Said("/run/postgresql"), StringComparison.Ordinal);
        Assert.Contains("tcp_keepalives_idle", Said("db.example.org"), StringComparison.Ordinal);

        static string Said(string host)
        {
            var session = new PostgresSession(new NpgsqlConnectionStringBuilder { Host = host });
            return session.WriterSettings + session.Readers;
        }
    }

    [Theory]
    [InlineData("No password has been provided but the backend requires one (in SASL/SCRAM-SHA-256)", "none is given. Set PGPASSWORD")]
    [InlineData("SSL connection requested. No SSL enabled connection from this host is configured.", "The server offers no TLS")]
    [InlineData("Exception while reading from stream", "Is it running")]
    public void Why_a_server_is_not_spoken_to_is_told_with_what_to_do(string message, string advice) =>
        Assert.Contains(advice, PostgresErrors.Explain(new NpgsqlException(message), "postgresql://h/r").Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_password_is_no_server_that_cannot_be_reached_and_waiting_does_not_mend_it()
    {
        var lacking = new NpgsqlException("No password has been provided but the backend requires one (in SASL/SCRAM-SHA-256)");
        var said = PostgresErrors.Explain(lacking, "postgresql://h/r").Message;
        Assert.DoesNotContain("cannot be reached", said, StringComparison.Ordinal);
        Assert.DoesNotContain("was stored before", said, StringComparison.Ordinal);
        Assert.Equal(WriteFailure.All, PostgresErrors.Classify(lacking));
    }

    [Fact]
    public void A_password_file_that_is_not_there_is_named()
    {
        var before = Environment.GetEnvironmentVariable("PGPASSFILE");
        // As Npgsql fails where it has no other password.
        var missing = new FileNotFoundException("Could not find file '/no/such/pgpass'.");
        try
        {
            Environment.SetEnvironmentVariable("PGPASSFILE", "/no/such/pgpass");
            foreach (var error in (Exception[])[missing, new NpgsqlException("x", missing)])
            {
                var said = PostgresErrors.Explain(error, "postgresql://h/r").Message;
                Assert.Contains("PGPASSFILE names /no/such/pgpass, which is not there. Set PGPASSWORD", said, StringComparison.Ordinal);
                Assert.DoesNotContain("cannot be reached", said, StringComparison.Ordinal);
                Assert.Equal(WriteFailure.All, PostgresErrors.Classify(error));
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGPASSFILE", before);
        }
    }

    [Fact]
    public void A_certificate_and_a_missing_file_have_words_of_their_own()
    {
        string Said(Exception cause) => PostgresErrors.Explain(new NpgsqlException("x", cause), "postgresql://h/r").Message;
        Assert.Contains("sslrootcert", Said(new System.Security.Authentication.AuthenticationException("rejected")),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "no such file. The address names it (sslrootcert, sslcert, sslkey, passfile).",
            Said(new FileNotFoundException("no such file")), StringComparison.Ordinal);
    }

    private static string? StoreProblemOf(string text)
    {
        try
        {
            StoreLocation.Parse(text);
            return null;
        }
        catch (StoreException error)
        {
            Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
            return error.Message;
        }
    }

    [Fact]
    public void A_server_that_is_not_there_is_named_without_the_password()
    {
        var error = Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly($"postgresql://ann:{Secret}@127.0.0.1:1/r"));
        Assert.Equal(StoreProblem.Unreachable, error.Problem);
        Assert.Contains("postgresql://ann@127.0.0.1:1/r", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_database_is_said_with_what_to_do()
    {
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        var right = new NpgsqlConnectionStringBuilder(place.Place);
        StoreException Fails(Action<NpgsqlConnectionStringBuilder> change)
        {
            var changed = new NpgsqlConnectionStringBuilder(place.Place);
            change(changed);
            var error = Assert.Throws<StoreException>(() => ResultStore.Open(changed.ConnectionString));
            if (right.Password is { Length: > 0 } password) Assert.DoesNotContain(password, error.ToString(), StringComparison.Ordinal);
            return error;
        }

        var missing = Fails(settings => settings.Database = "no_such_database");
        Assert.Equal((StoreProblem.Missing, true), (missing.Problem, missing.Message.Contains("createdb", StringComparison.Ordinal)));
        if (right.Password is not null)
        {
            var refused = Fails(settings => settings.Password = Secret);
            Assert.Contains("PGPASSWORD", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        }

        await ExecuteAsync(place.Place, "CREATE TABLE theirs (x int)");
        Assert.Equal(StoreProblem.NotAStore, Fails(_ => { }).Problem);
        await ExecuteAsync(place.Place, "DROP TABLE theirs");
        await using (var store = place.Open())
            Assert.Contains("pg_dump", Assert.Throws<StoreException>(() => store.BackUpTo("x")).Message, StringComparison.Ordinal);
        await ExecuteAsync(place.Place, "UPDATE liveclin_store SET version = 999");
        Assert.Equal(StoreProblem.TooNew, Fails(_ => { }).Problem);
        Assert.Equal(StoreProblem.TooNew, Assert.Throws<StoreException>(place.OpenReadOnly).Problem);
    }

    [Fact]
    public async Task Both_kinds_have_the_same_tables_and_columns()
    {
        using var folder = new TemporaryFolder();
        await ResultStore.Open(folder["s.db"]).DisposeAsync();
        await using var place = await TestStore.CreateAsync(StoreKind.Postgres);
        await place.Open().DisposeAsync();
        var columns = new List<string>();
        await using (var connection = new NpgsqlConnection(place.Place))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command =
                new NpgsqlCommand("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()", connection);
            await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await row.ReadAsync(TestContext.Current.CancellationToken)) columns.Add(row.GetString(0));
        }

        await using var file = new SqliteConnection($"Data Source={folder["s.db"]};Pooling=false");
        file.Open();
        await using var tables = file.CreateCommand();
        tables.CommandText =
            "SELECT m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'";
        await using var line = await tables.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var expected = new List<string>();
        while (await line.ReadAsync(TestContext.Current.CancellationToken)) expected.Add(line.GetString(0));
        // What SQLite has by itself, and what it works out of the text.
        string[] own = ["liveclin_store.version", "releases.rowid", "events.rowid", "run_environments.rowid", "cases.questions"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), columns.Except(own).Order(StringComparer.Ordinal));
        Assert.Equal(SqliteSchema.Version, PostgresSchema.Version);
    }

    [Fact]
    public void Any_text_survives_as_bytes()
    {
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var text = new string(
                [.. Enumerable.Range(0, random.Next(20))
                .Select(_ => random.Next(3) == 0 ? (char)random.Next(0xD800, 0xE000) : (char)random.Next(0, 0x10000))]);
            Assert.Equal(text, Wtf8.Decode(Wtf8.Encode(text)));
        }

        Assert.Equal("é\ud83d\udca1"u8.ToArray().Length, Wtf8.Encode("é\ud83d\udca1").Length);
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

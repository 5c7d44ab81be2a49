using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation.Data;
using Npgsql;

namespace Guildhall.Bench;

/// <summary>The database to measure on and the table of what was measured.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly List<string> _rows = [];

    private Machine(string superuser, string name) => (Superuser, Name) = (superuser, name);

    public string Superuser { get; }
    public string Name { get; }

    /// <summary>A database of its own with the product's schema, owned and used by the roles that production has.</summary>
    public static async Task<Machine> Prepare(string name = "bench")
    {
        var server = Environment.GetEnvironmentVariable("GUILDHALL_TEST_POSTGRES") ?? throw new InvalidOperationException("Run ./bench: it starts the PostgreSQL that this needs.");
        var machine = new Machine(server, name);
        await machine.Sql("""
            do $$ begin
                if not exists (select 1 from pg_roles where rolname = 'guildhall_app') then create role guildhall_app login password 'bench'; end if;
                if not exists (select 1 from pg_roles where rolname = 'guildhall_owner') then create role guildhall_owner login password 'bench'; end if;
            end $$
            """, onServer: true);
        await machine.Sql($"drop database if exists {name} with (force)", onServer: true);
        await machine.Sql($"create database {name} owner guildhall_owner", onServer: true);
        if (await Migrator.Migrate(machine.As("guildhall_owner"), "guildhall_app", _ => { }) is { } objection) throw new InvalidOperationException(objection);
        return machine;
    }

    /// <summary>Connection string of a role.</summary>
    public string As(string role) => new NpgsqlConnectionStringBuilder(Superuser) { Username = role, Password = "bench", Database = Name }.ConnectionString;

    public string AsSuperuser => new NpgsqlConnectionStringBuilder(Superuser) { Database = Name, Pooling = false }.ConnectionString;

    public async Task Sql(string sql, bool onServer = false)
    {
        await using var connection = new NpgsqlConnection(onServer ? Superuser : AsSuperuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(AsSuperuser);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Runs a PostgreSQL client program against this machine's server.</summary>
    public async Task<string> Client(string program, params string[] arguments)
    {
        var at = new NpgsqlConnectionStringBuilder(AsSuperuser);
        string[] where = ["-h", at.Host!, "-p", at.Port.ToString(CultureInfo.InvariantCulture), "-U", at.Username!, .. program is "psql" ? new[] { "-d", at.Database! } : []];
        return await Programs.Run(program, [.. where, .. arguments], ("PGPASSWORD", at.Password ?? ""));
    }

    public void Row(string what, string ours, string against, string ratio, string goal, string limit)
    {
        _rows.Add($"| {what} | {ours} | {against} | {ratio} | {goal} | {limit} |");
        Console.WriteLine($"  {what}: {ours} {ratio}");
    }

    /// <summary>Two rates and their ratio.</summary>
    public void Row(string what, IReadOnlyCollection<double> ours, string against, IReadOnlyCollection<double> other, string goal, string limit) =>
        Row(what, Numbers.Spread(ours), $"{against}: {Numbers.Spread(other)}", Numbers.Ratio(Numbers.Median(ours), Numbers.Median(other)), goal, limit);

    public void Print()
    {
        Console.WriteLine($"\n{Environment.ProcessorCount} cores, {RuntimeName}, PostgreSQL on the same cores, load generator too\n");
        Console.WriteLine("| what | Guildhall | against | ratio | goal | what limits it |\n|---|---|---|---|---|---|");
        foreach (var row in _rows) Console.WriteLine(row);
    }

    private static string RuntimeName => System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Sql($"drop database if exists {Name} with (force)", onServer: true);
    }
}

/// <summary>Small things every question needs.</summary>
internal static class Numbers
{
    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : double.NaN;

    public static string Rate(double value) => value.ToString("N0", CultureInfo.InvariantCulture) + "/s";

    public static string Ratio(double ours, double other) => (ours / other).ToString("0.00", CultureInfo.InvariantCulture);

    public static string Spread(IReadOnlyCollection<double> values) => $"{Rate(Median(values))} ({values.Min():N0}–{values.Max():N0})";
}

internal static class Programs
{
    public static async Task<string> Run(string program, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {await errors}");
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Data;

/// <summary>Tells an original from its copies. A database knows the server it is at home on; on another one, or when somebody holds it, it is not served and runs no jobs, so that no copy
/// sends mail, asks gateways or calls webhooks. It is released by a person, with a reason.</summary>
public static class Home
{
    private sealed record Row(bool IsHere, string? HeldWhy);

    /// <summary>Null: this is the original, or a copy that was released. Else the sentence that says why it is held.</summary>
    public static async Task<string?> Objection(Database database, CancellationToken stop)
    {
        var row = await database.Find<Row>(State, stop: stop);
        var why = row is { HeldWhy: { } held } ? held : row is { IsHere: false } ? "it comes from another server" : null;
        return why is null ? null : $"This database is held ({why}): it is not served and sends nothing. When it shall take the place of the original: guildhall release \"why\".";
    }

    /// <summary>Notes where a fresh database is at home; the owner does, after migrating. What is noted already stays.</summary>
    internal const string Settle = "insert into foundation.home (cluster) select system_identifier::text from pg_catalog.pg_control_system() on conflict do nothing";

    /// <summary>From now on it is held: what was restored, before anything is started on it.</summary>
    /// <param name="owner">Connection string of the schema's owner.</param>
    public static Task Hold(string owner, string why) => Change(owner, "update foundation.home set held_at = $2, held_why = $1", why);

    /// <summary>From now on it is the original, and at home here.</summary>
    /// <param name="owner">Connection string of the schema's owner.</param>
    public static Task Release(string owner, string why) => Change(owner, """
        update foundation.home set cluster = (select system_identifier::text from pg_catalog.pg_control_system()), held_at = null, held_why = null, released_at = $2, released_why = $1
        """, why);

    private static async Task Change(string owner, string sql, string why)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = why });
        command.Parameters.Add(new NpgsqlParameter { Value = TimeProvider.System.GetUtcNow() });
        await command.ExecuteNonQueryAsync();
    }

    private const string State = """
        select h.cluster = (select c.system_identifier::text from pg_catalog.pg_control_system() c) as is_here, h.held_why from foundation.home h
        """;
}

/// <summary>A node whose database is held while it runs (it was restored under its feet) ends; started again it says why and stays away.</summary>
internal sealed class HomeWatch(Database database, IHostApplicationLifetime lifetime, ILogger<HomeWatch> log) : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (await Seen(stoppingToken) is not { } objection) continue;
                log.LogCritical("database_held {Why}", objection);
                lifetime.StopApplication();
                return;
            }
        }
        catch (OperationCanceledException) { } // the node stops
    }

    private async Task<string?> Seen(CancellationToken stop)
    {
        try { return await Home.Objection(database, stop); }
        catch (NpgsqlException) { return null; } // away is not held
    }
}

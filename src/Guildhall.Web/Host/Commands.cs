using Guildhall.Content.Seed;
using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Seed;
using Guildhall.Money.Ledger.Seal;
using Guildhall.Verify;
using Npgsql;

namespace Guildhall.Web.Host;

/// <summary><c>guildhall serve | migrate | seed</c>.</summary>
internal static class Commands
{
    private const string Help = """
        guildhall serve [--role web|worker|all]   serve pages and API, run jobs, or both (default)
        guildhall migrate                         bring the database to this build's schema
        guildhall seed                            put the demo marketplace into an empty database
        guildhall verify [--checkpoints FILE]     prove the books from scratch; verify --help says more
        guildhall hold WHY                        after restoring a copy: it is not served and sends nothing until it is released
        guildhall release WHY                     the copy takes the place of the original
        guildhall begin-epoch WHY                 after restoring a copy: what it posts from now on is sealed after all it has
        Settings are GUILDHALL_… variables; docs/operations.md lists them.
        """;

    public static async Task<int> Run(string[] args)
    {
        var command = args.FirstOrDefault(a => !a.StartsWith('-')) ?? "serve";
        if (command is "verify") return await VerifyCommand.Run([.. args.Where(a => a is not "verify")], Console.Out);
        if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal)) return Say(Help, 0);
        if (command is not ("serve" or "migrate" or "seed" or "begin-epoch" or "hold" or "release")) return Say($"There is no command `{command}`.\n{Help}", 2);
        var development = string.Equals(Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"), "Development", StringComparison.OrdinalIgnoreCase);
        var (settings, wrong) = HostSettings.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build(), development);
        if (settings is null) return Say("guildhall does not start:\n  " + string.Join("\n  ", wrong), 2);
        try
        {
            return command switch
            {
                "migrate" => await Migrate(settings), "seed" => await Seed(settings), "begin-epoch" => await BeginEpoch(settings, args),
                "hold" or "release" => await Homed(settings, command, args), _ => await Serve(settings, Role(args)),
            };
        }
        catch (NpgsqlException problem)
        {
            return Say($"The database does not answer: {problem.Message}", 1);
        }
        catch (IOException problem) when (problem.Message.Contains("address", StringComparison.OrdinalIgnoreCase))
        {
            return Say($"{settings.Listen} is in use by another program. Stop it, or set GUILDHALL_LISTEN.", 1);
        }
    }

    private static async Task<int> Serve(HostSettings settings, string role)
    {
        await using var app = GuildhallApp.Build(settings, role);
        if (await Migrator.Check(app.Services.GetRequiredService<Database>()) is { } objection) return Say(objection, 1);
        LastResort.Listen(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Guildhall.LastResort"));
        await app.RunAsync();
        return 0;
    }

    private static async Task<int> Migrate(HostSettings settings)
    {
        if (settings.DatabaseOwner is null) return Say("GUILDHALL_DATABASE_OWNER is not set: migrations need the owner's connection string.", 2);
        return await Migrator.Migrate(settings.DatabaseOwner, settings.AppRole, name => Console.WriteLine($"applied {name}")) is { } objection ? Say(objection, 1) : 0;
    }

    private static async Task<int> Seed(HostSettings settings)
    {
        if (!settings.Sandbox) return Say("The demo marketplace is only for sandbox mode.", 2);
        await using var app = GuildhallApp.Build(settings, role: "web");
        if (await Migrator.Check(app.Services.GetRequiredService<Database>()) is { } objection) return Say(objection, 1);
        var database = app.Services.GetRequiredService<Database>();
        await SeedMarketplace.Ensure(database);
        var services = (await ListServices.Run(database, null, null, null, CancellationToken.None)).Value?.Items ?? [];
        await SeedContent.Ensure(database, services.FirstOrDefault(s => s.Name is "Quick legal question")?.Id.ToString());
        return 0;
    }

    private static async Task<int> BeginEpoch(HostSettings settings, string[] args)
    {
        if (settings.DatabaseOwner is null) return Say("GUILDHALL_DATABASE_OWNER is not set: only the owner begins an epoch.", 2);
        if (args.SkipWhile(a => a is not "begin-epoch").Skip(1).FirstOrDefault() is not { Length: >= 1 and <= 500 } why) return Say("Say why: guildhall begin-epoch \"restored from the backup of …\"", 2);
        return Say($"The ledger is in epoch {await Epochs.Begin(settings.DatabaseOwner, why)}.", 0);
    }

    private static async Task<int> Homed(HostSettings settings, string command, string[] args)
    {
        if (settings.DatabaseOwner is null) return Say($"GUILDHALL_DATABASE_OWNER is not set: only the owner may {command} a database.", 2);
        if (args.SkipWhile(a => a != command).Skip(1).FirstOrDefault() is not { Length: >= 1 and <= 500 } why) return Say($"Say why: guildhall {command} \"restored from the backup of …\"", 2);
        await (command is "hold" ? Home.Hold(settings.DatabaseOwner, why) : Home.Release(settings.DatabaseOwner, why));
        return Say(command is "hold" ? "The database is held: it is not served and sends nothing." : "The database is released: it is the original from now on.", 0);
    }

    private static string Role(string[] args) => Array.IndexOf(args, "--role") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : "all";

    private static int Say(string sentence, int code)
    {
        (code == 0 ? Console.Out : Console.Error).WriteLine(sentence);
        return code;
    }
}

using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Web.Host;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Drills;

/// <summary>The process that is killed: clients who hold slots through the use case, in this process, on the product's own connections. It says what was decided,
/// line by line, as soon as it was.</summary>
internal static class ContentionWorker
{
    private const int Batch = 200;

    public static async Task<int> Run(int from, int until, int clients)
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        var (settings, wrong) = HostSettings.Read(configuration, development: false);
        if (settings is null) throw new InvalidOperationException(string.Join(' ', wrong));
        await using var app = GuildhallApp.Build(settings, "web", builder => builder.Logging.ClearProviders());
        var database = app.Services.GetRequiredService<Database>();
        var (next, decided) = (from - 1, 0);
        _ = Task.Run(() =>
        {
            // Whoever started this holds the other end: it does not outlive them.
            while (Console.In.Read() >= 0) { }
            Environment.Exit(1);
        });
        Say("up");
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (int attempt; (attempt = Interlocked.Increment(ref next)) < until;)
            {
                var slot = Contention.SlotOf(attempt);
                if (await Decide(database, slot) is { } booking) Say($"won {slot.Number} {booking.Value}");
                if (Interlocked.Increment(ref decided) % Batch == 0) Say($"decided {Batch}");
            }
        })));
        Say("done");
        return 0;
    }

    // Until there is a decision: a connection that was cut says nothing of what became of the hold, the same operation asked again does.
    private static async Task<BookingId?> Decide(Database database, Contention.Slot slot)
    {
        var customer = new Caller { Kind = CallerKind.Person, AccountId = Guid.CreateVersion7(), SessionId = Guid.CreateVersion7(), OperationId = Guid.CreateVersion7() };
        while (true)
        {
            try
            {
                var result = await HoldSlot.Run(database, customer, new HoldSlot.Body(ServiceId.From(slot.Service), slot.Start.ToString("O", CultureInfo.InvariantCulture)), default);
                if (result.Is(out var booking, out var refusal)) return booking.Id;
                if (refusal == MarketplaceRefusals.SlotUnavailable) return null;
                throw new InvalidOperationException($"slot {slot.Number}: {refusal.Code}");
            }
            catch (NpgsqlException problem) when (problem is not PostgresException broken || broken.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow) { } // asked again
        }
    }

    private static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}

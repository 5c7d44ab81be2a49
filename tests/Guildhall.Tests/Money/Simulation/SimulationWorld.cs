using Guildhall.Foundation.Data;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Stripe;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Time that stands still unless it is moved.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private long _ticks = new DateTime(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Passes(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}

/// <summary>Two nodes on one real PostgreSQL with everything else under the simulation's control: time, jobs, the gateway, and who moves next.</summary>
public class SimulationWorld : MoneyWorld
{
    internal const string ActorHeader = "X-Actor";

    internal VirtualClock Time { get; } = new();
    internal Scheduler Scheduler { get; private set; } = null!;
    internal VirtualStripe Gate { get; private protected set; } = null!;
    internal JobDriver Jobs { get; private set; } = null!;

    /// <summary>Changes the text of every statement: how bugs are planted.</summary>
    internal Func<string, string> Rewrite { get; set; } = sql => sql;

    /// <summary>Orders whose subject cannot be delivered when they are paid.</summary>
    internal HashSet<Guid> Gone { get; } = [];

    /// <summary>The fact is not heard by whoever delivers.</summary>
    internal bool LosesReactions { get; set; }

    protected override bool HasSandbox => false;

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { Bank = BatchWorld.Bank };

    protected override string Role(int node) => "web";

    protected override async Task Prepare()
    {
        Scheduler = new Scheduler(Database);
        Gate = new VirtualStripe(Time, Scheduler.Reach);
        Jobs = new JobDriver(this, Time);
        WhenPaid = Deliver;
        await Database.Execute($"""
            create schema simulation;
            create table simulation.delivered (order_id uuid primary key);
            create table simulation.refused (order_id uuid primary key);
            grant usage on schema simulation to {TestRun.AppRole};
            grant select, insert on all tables in schema simulation to {TestRun.AppRole};
            """);
    }

    protected override void Adjust(WebApplicationBuilder builder, int node)
    {
        base.Adjust(builder, node);
        builder.Services.AddSingleton<IStartupFilter>(new ActorFilter(this));
        // After the product's own parts, in whose place these stand.
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) =>
        {
            services.AddSingleton<TimeProvider>(Time);
            services.AddSingleton(s => new StripeApi(new GatewayHttp(new HttpClient(Gate, disposeHandler: false)), s.GetRequiredService<StripeOptions>()));
        });
    }

    /// <summary>Stands on the lines of both nodes from now on.</summary>
    internal void Listen()
    {
        foreach (var database in Everywhere<Database>()) database.Tap = new SimulationTap(Scheduler, sql => Rewrite(sql));
    }

    // The module above: it delivers what was paid, or asks for the refund when it cannot.
    private async Task Deliver(Transaction tx, OrderPaid fact)
    {
        if (LosesReactions) return;
        if (Gone.Contains(fact.Subject))
        {
            await tx.ChangeOne("insert into simulation.refused (order_id) values (@order)", new { order = fact.Order.Value });
            (await RequestRefund.Run(tx, Guildhall.Foundation.Security.Caller.System("slots"), fact.Order, null, "The slot is gone.")).OrThrow();
        }
        else await tx.ChangeOne("insert into simulation.delivered (order_id) values (@order)", new { order = fact.Order.Value });
    }

    /// <summary>An empty marketplace again.</summary>
    internal async Task Empties()
    {
        Rewrite = sql => sql;
        LosesReactions = false;
        Gone.Clear();
        Gate.Forget();
        Jobs.Failures.Clear();
        Errors.Clear();
        var tables = await Database.Column<string>("""
            select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables
            where schemaname in ('money', 'simulation', 'messaging') or (schemaname = 'foundation' and tablename in ('jobs', 'idempotency', 'settings', 'settings_history', 'rate_hits', 'rate_windows'))
            """);
        await Database.Execute($"truncate {tables[0]} restart identity cascade");
        await Database.Execute("insert into money.books (one) values (true) on conflict do nothing"); // as the migrations leave it
    }

    private sealed class ActorFilter(SimulationWorld world) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                if (http.Request.Headers[ActorHeader] is [{ } no] && world.Scheduler.Living.FirstOrDefault(a => a.No.ToString(System.Globalization.CultureInfo.InvariantCulture) == no) is { } actor)
                    Actor.Current.Value = actor;
                return rest(http);
            });
            next(app);
        };
    }
}

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>A marketplace played from a seed: hundreds of people order, pay, change their minds, are refunded, deliver and withdraw, several at the same
/// time, while calls fail, webhooks come twice, late, in any order or never, and nodes are killed. The laws are looked at all the while.</summary>
internal sealed partial class Play(SimulationWorld world, int seed)
{
    private const int AtOnce = 4, People = 200, Sellers = 60;

    private sealed record Sale(OrderId Id, Caller Customer, Caller Provider, Currency Currency);

    private sealed record Sent(string Method, string Path, Caller By, object? Body, string Key);

    private readonly Random _dice = new(seed);
    private readonly List<Caller> _customers = [.. Enumerable.Range(0, People).Select(_ => MoneyWorld.Person())];
    private readonly List<Caller> _providers = [];
    private readonly List<Caller> _staff = [MoneyWorld.Person("*"), MoneyWorld.Person("*")];
    private readonly List<Sale> _sales = [];
    private readonly List<Sale> _unstarted = [];
    private readonly List<Sale> _released = [];
    private readonly List<Sale> _contested = [];
    private readonly Dictionary<string, Sale> _payments = new(StringComparer.Ordinal);
    private readonly List<(string Id, Caller Provider)> _withdrawals = [];
    private readonly List<Sent> _unanswered = [];
    private readonly List<(Sent Sent, string Answer)> _answered = [];
    private readonly List<string> _story = [];
    private readonly List<string> _wrong = [];
    private Sale? _lastSeller;
    private JsonObject? _lastRefunded;
    private double? _lastJob;
    private string? _toldOf;
    private int _actors, _takenWrongly;

    /// <summary>Operations begun so far.</summary>
    public int Steps { get; private set; }

    public int Checks { get; private set; }

    /// <summary>What was broken, in words; empty when all held.</summary>
    public IReadOnlyList<string> Broken { get; private set; } = [];

    /// <summary>Plays so many operations and then lets everything come to its end. Stops at the first thing broken.</summary>
    public async Task Run(int steps, int checkEvery = 10)
    {
        try { await Plays(steps, checkEvery); }
        finally { await Leaves(); }
    }

    private async Task Plays(int steps, int checkEvery)
    {
        var looked = 0;
        world.Scheduler.Switching = 0.25;
        world.Gate.Dice = new Random(seed);
        await SetsRules(fee: 1500, tax: 0, reserve: seed % 2 * 1000, bearer: "platform", byFile: seed % 2 == 0);
        while (Steps < steps && Broken.Count == 0)
        {
            world.Time.Passes(TimeSpan.FromMilliseconds(7));
            world.Gate.FaultPercent = 15;
            var parked = world.Scheduler.Parked;
            if (parked.Count > 0 && (world.Scheduler.Living.Count >= AtOnce || _dice.Next(3) > 0)) await Moves(parked[_dice.Next(parked.Count)]);
            else await Begins();
            Collect();
            if (_wrong.Count > 0 || Steps >= looked + checkEvery) { looked = Steps; await Look(); }
        }
        if (Broken.Count == 0) await Ends();
    }

    // What is still under way ends with its node, so that the next play begins with nobody.
    private async Task Leaves()
    {
        foreach (var actor in world.Scheduler.Living) actor.Killed = true;
        while (world.Scheduler.Parked is [var next, ..]) await world.Scheduler.Resume(next);
        world.Scheduler.Ended();
    }

    /// <summary>How to see it again.</summary>
    public string Report() => $"""
        Seed {seed}, found after {Steps} operations ({world.Scheduler.Switches} switches).
        Again: ./drill simulation --seed {seed} --steps {Math.Max(Steps, 1)}
        {string.Join("\n", Broken)}
        The last of what happened:
        {string.Join("\n", _story.TakeLast(40))}
        """;

    /// <summary>What came of it, in figures.</summary>
    public async Task<string> Summary()
    {
        var counts = await world.Database.Column<string>("""
            select 'orders ' || state || ' ' || count(*) from money.orders group by state union all select 'payments ' || state || ' ' || count(*) from money.payments group by state
            union all select 'refunds ' || state || ' ' || source || ' ' || count(*) from money.refunds group by state, source union all select 'withdrawals ' || state || ' ' || count(*) from money.withdrawals group by state
            union all select 'set aside ' || reason || ' ' || coalesce(resolution, 'open') || ' ' || count(*) from money.quarantine group by reason, resolution
            union all select 'journals ' || kind || ' ' || count(*) from money.journals group by kind order by 1
            """);
        return $"seed {seed}: {Steps} operations, {_actors} actors, {world.Scheduler.Switches} switches, {Checks} checks, {world.Gate.All("payment_intent").Count} charges tried; {string.Join(", ", counts)}";
    }

    private async Task Moves(Actor actor)
    {
        if (_dice.Next(150) == 0)
        {
            actor.Killed = true;
            Note(actor.No, $"killed at {At(actor)}");
        }
        await world.Scheduler.Resume(actor);
    }

    private async Task Look()
    {
        Checks++;
        Broken = [.. _wrong, .. world.Jobs.Failures, .. await Laws.Broken(world)];
    }

    private void Collect()
    {
        foreach (var actor in world.Scheduler.Ended())
            if (actor.Problem is { } problem) _wrong.Add($"{actor.Name} threw {problem}");
        while (world.Errors.TryDequeue(out var error))
            if (!error.Contains(nameof(NodeKilledException), StringComparison.Ordinal)) _wrong.Add("A node logged an error: " + error);
    }

    private async Task Begins()
    {
        Steps++;
        var (name, work) = Choose();
        var actor = new Actor(++_actors, name, unchecked((seed * 1_000_003) + _actors));
        Note(actor.No, name);
        await world.Scheduler.Start(actor, async () =>
        {
            await work();
            if (_story.Count > 0) Note(actor.No, "ended");
        });
    }

    private (string, Func<Task>) Choose()
    {
        if (_lastSeller is not null) return Withdraws();
        if (_lastRefunded is not null) return Refunds();
        if (_lastJob is not null) return RunsJob();
        var roll = _dice.Next(136);
        if (_sales.Count < 3 || roll < 9) return PlacesOrder();
        if (roll < 18) return Starts();
        if (roll < 28) return Pays();
        if (roll < 43) return Webhook();
        if (roll < 60) return RunsJob();
        if (roll < 62) return ComesBack();
        if (roll < 63) return CancelsPayment();
        if (roll < 65) return CancelsOrder();
        if (roll < 73) return Refunds();
        if (roll < 81) return Releases();
        if (roll < 87) return Withdraws();
        if (roll < 93) return Decides();
        if (roll < 95) return GatewayMoves();
        if (roll < 97) return Repeats();
        if (roll < 98) return ChangesFee();
        return roll < 100 ? TimePasses() : ChoosesMore(roll - 100);
    }

    // The faults stop, every webhook that is left comes, and time goes on until nothing moves any more.
    private async Task Ends()
    {
        world.Gate.FaultPercent = 0;
        while (world.Scheduler.Living.Count > 0) { await world.Scheduler.Resume(world.Scheduler.Parked[0]); Collect(); }
        world.Scheduler.Switching = 0;
        for (var round = 0; round < 42 && _wrong.Count == 0; round++)
        {
            world.Time.Passes(TimeSpan.FromMinutes(round < 8 ? 20 : round < 14 ? 120 : 2000)); // a gateway may think again for thirty days
            world.Gate.Expiries();
            await world.Jobs.LeasesEnd();
            if (round >= 2) await Tidies();
            await LooksForDisputes();
            foreach (var thing in world.Gate.All("refund").Where(r => Text(r, "status") is "pending").ToArray()) world.Gate.Becomes(thing, "succeeded");
            foreach (var thing in world.Gate.All("payout").Where(r => Text(r, "status") is "pending").ToArray()) world.Gate.Becomes(thing, "paid");
            while (world.Gate.Events.Count > 0) await Alone(Webhook());
            var ready = await world.Jobs.Ready();
            if (ready.All(j => j.Kind is "look_for_disputes") && round > 12 && (await Laws.BrokenAtTheEnd(world)).Count == 0) break;
            foreach (var job in ready) await Alone((job.Kind, () => world.Jobs.Run(job, round % 2)));
        }
        await Look();
        if (Broken.Count == 0) Broken = await Laws.BrokenAtTheEnd(world);
        await TellsOf(PaymentText().Matches(string.Join(' ', Broken)).Select(m => m.Value).Distinct(StringComparer.Ordinal));
    }

    // What our side knows of the payments that a law names.
    private async Task TellsOf(IEnumerable<string> payments)
    {
        foreach (var payment in payments)
            if (PaymentId.TryParse(payment, null, out var id)) _story.AddRange(await world.Database.Column<string>("""
                select format('%s is %s of an order that is %s', $2, p.state, o.state) from money.payments p join money.orders o on o.id = p.order_id where p.id = $1
                union all (select format('%s: %s by %s %s', $2, e.kind, e.actor, e.facts) from money.payment_events e where e.payment_id = $1 order by e.id limit 20)
                union all (select format('%s: job %s is %s, run %s times, %s', $2, j.kind, j.state, j.attempts, j.last_error) from foundation.jobs j where j.payload::text like '%' || $2 || '%' limit 20)
                """, id.Value, payment));
    }

    private async Task Alone((string Name, Func<Task> Work) step)
    {
        await world.Scheduler.Start(new Actor(++_actors, step.Name, _actors), step.Work);
        Collect();
    }

    private async Task<Answer> Post(Caller by, string path, object? body)
    {
        var key = $"{seed}-{_story.Count}-{Actor.Current.Value!.No}";
        var sent = new Sent("POST", path, by, body, key);
        return await Kept(sent, await Send(sent, Actor.Current.Value!.Dice.Next(2)));
    }

    private Task<Answer> Kept(Sent sent, Answer answer)
    {
        if (Actor.Current.Value!.Killed) _unanswered.Add(sent);
        else if (answer.Status >= 500 && answer.Status != 503) _wrong.Add($"{sent.Path} was answered {answer.Status}: {answer.Text}");
        else if (answer.Status < 400 || answer.Status == 422) _answered.Add((sent, $"{answer.Status} {answer.Text}"));
        return Task.FromResult(answer);
    }

    private Task<Answer> Send(Sent sent, int node, params (string, string)[] headers)
    {
        var visitor = world.As(sent.By);
        visitor.OnlyNode = node;
        HttpContent? content = sent.Body switch { null => null, string text => StripeEvent.Json(System.Text.Encoding.UTF8.GetBytes(text)), var body => JsonContent.Create(body) };
        (string, string)[] more = sent.Key.Length > 0 ? [("Idempotency-Key", sent.Key)] : [];
        return visitor.Send(new HttpMethod(sent.Method), sent.Path, content, [.. headers, .. more, (SimulationWorld.ActorHeader, Actor.Current.Value!.No.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
    }

    private void Note(int actor, string what)
    {
        lock (_story) _story.Add($"  {Steps,5} [{actor}] {what}");
    }

    private static string At(Actor actor) => actor.At.Trim().Split('\n')[0];

    private static string Short(string body)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        return $"{Text(json, "type")} {Text(json, "id")} of {Text((JsonObject)json["data"]!["object"]!, "id")}";
    }
}

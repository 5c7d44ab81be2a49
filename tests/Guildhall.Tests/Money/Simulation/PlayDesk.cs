using System.Text.Json.Nodes;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>More of what may happen in a <see cref="Play"/>: held money, disputes, complaints, money by hand, batches for the bank, and what staff decide.</summary>
internal sealed partial class Play
{
    private int _lines;

    private (string, Func<Task>) ChoosesMore(int roll) => roll switch
    {
        < 5 => Captures(),
        < 6 => Voids(),
        < 7 => IsDisputed(),
        < 10 => BankDecides(),
        < 11 => AnswersDispute(),
        < 12 => Complains(),
        < 14 => RecordsByHand(),
        < 17 => DecidesProposal(),
        < 18 => HandsRefundOver(),
        < 19 => WritesOff(),
        < 25 => DecidesQuarantine(),
        < 30 => HandlesBatch(),
        < 33 => BankSpeaks(),
        _ => ForgesWebhook(),
    };

    private JsonObject[] Taken() => [.. world.Gate.All("payment_intent").Where(i => Text(i, "status") is "succeeded" && i["rogue"] is null)];

    private JsonObject? SomeHeld() => world.Gate.All("payment_intent").Where(i => Text(i, "status") is "requires_capture").ToArray() is { Length: > 0 } held ? held[_dice.Next(held.Length)] : null;

    private static string PaymentOf(JsonObject intent) => Text((JsonObject)intent["metadata"]!, "payment_id")!;

    private (string, Func<Task>) Captures()
    {
        if (SomeHeld() is not { } intent) return RunsJob();
        var (all, currency) = (Number(intent, "amount"), Text(intent, "currency")!.ToUpperInvariant());
        long? part = _dice.Next(4) switch { 0 => null, 1 => all + 10, _ => Math.Max(10, _dice.NextInt64(1, all + 1) / 10 * 10) };
        return ($"capture {part} of {PaymentOf(intent)}", () => Post(_staff[0], $"payments/{PaymentOf(intent)}/actions/capture", new { amount = part is { } minor ? new { minor, currency } : null }));
    }

    private (string, Func<Task>) Voids() => SomeHeld() is not { } intent ? RunsJob()
        : ($"void {PaymentOf(intent)}", () => Post(_staff[0], $"payments/{PaymentOf(intent)}/actions/void", new { reason = "Not needed." }));

    private (string, Func<Task>) IsDisputed()
    {
        if (Taken() is not { Length: > 0 } taken) return Pays();
        // Mostly before the money is released: that is when a dispute changes most.
        var held = taken.Where(i => _payments.TryGetValue(PaymentOf(i), out var of) && !_released.Contains(of)).ToArray();
        if (held.Length > 0 && _dice.Next(3) > 0) taken = held;
        var (intent, part) = (taken[_dice.Next(taken.Length)], _dice.Next(1, 4));
        if (_payments.TryGetValue(PaymentOf(intent), out var sale)) _contested.Add(sale);
        return ($"{PaymentOf(intent)} is disputed", () =>
        {
            _toldOf = Text(intent, "id");
            world.Gate.Disputes(intent, part == 1 ? Number(intent, "amount_received") : Number(intent, "amount_received") / part / 10 * 10);
            return Task.CompletedTask;
        });
    }

    private (string, Func<Task>) BankDecides()
    {
        if (world.Gate.All("dispute") is not { Count: > 0 } disputes) return IsDisputed();
        var (dispute, won) = (disputes[_dice.Next(disputes.Count)], _dice.Next(2) == 0);
        return ($"{Text(dispute, "id")} is {(won ? "won" : "lost")}", () =>
        {
            world.Gate.Decides(dispute, won);
            return Task.CompletedTask;
        });
    }

    private (string, Func<Task>) AnswersDispute()
    {
        var accepts = _dice.Next(3) == 0;
        return Some("disputes", "select id from money.disputes where closed_at is null order by gateway_ref limit 50", row => new DisputeId((Guid)row[0]!).ToString(), (id, _) => accepts
            ? Post(_staff[0], $"admin/disputes/{id}/accept", new { reason = "They are right." })
            : Post(_staff[0], $"admin/disputes/{id}/evidence", new { other = "They were there." }));
    }

    private (string, Func<Task>) Complains()
    {
        var (sale, ends) = (SomePaidSale(), _dice.Next(3) == 0);
        if (!ends) _contested.Add(sale);
        return ($"{(ends ? "complaint ends" : "complaint")}: {sale.Id}", () => ends
            ? Post(_staff[0], $"orders/{sale.Id}/hold/end", new { reason = "Settled." }) : Post(sale.Customer, $"orders/{sale.Id}/hold", new { reason = "Nobody came." }));
    }

    private (string, Func<Task>) RecordsByHand()
    {
        var (sale, who, by) = (SomeSale(), _dice.Next(2), _dice.Next(2) == 0 ? "cash" : "bank_transfer");
        return ($"{sale.Id} was paid by {by}", () => Post(_staff[who], $"admin/orders/{sale.Id}/settlements", new { by, document = $"R-{sale.Id}", reason = "Paid at the desk." }));
    }

    private (string, Func<Task>) DecidesProposal()
    {
        var (who, rejects) = (_dice.Next(2), _dice.Next(6) == 0);
        return Some("proposal", "select id, asked_by from money.approvals where state = 'pending' order by asked_at, id limit 50", row => new ApprovalId((Guid)row[0]!).ToString(), async (id, row) =>
        {
            var answer = await Post(_staff[who], $"admin/approvals/{id}/actions/{(rejects ? "reject" : "approve")}", new { said = rejects ? "No." : null });
            if (answer.Status == 200 && _staff[who].Is((Guid)row[1]!)) _wrong.Add($"{id} was decided by who proposed it.");
        });
    }

    private (string, Func<Task>) HandsRefundOver()
    {
        var (who, asks) = (_dice.Next(2), _dice.Next(2) == 0);
        return asks
            ? Some("paid by hand", "select id from money.payments where gateway in ('cash', 'bank_transfer') and state = 'captured' order by id limit 50", row => new PaymentId((Guid)row[0]!).ToString(),
                (id, _) => Post(_staff[who], $"payments/{id}/refunds", new { reason = "Asked for.", amount = (object?)null }))
            : Some("to hand over", """
                select r.id from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'pending' and p.gateway in ('cash', 'bank_transfer') order by r.id limit 50
                """, row => new RefundId((Guid)row[0]!).ToString(), (id, _) => Post(_staff[who], $"admin/refunds/{id}/settlements", new { document = $"H-{id}", reason = "Handed over." }));
    }

    private (string, Func<Task>) WritesOff()
    {
        var (who, share) = (_dice.Next(2), _dice.Next(1, 3));
        return Some("who owes", """
            select a.owner_id, a.currency, -b.owed_minor from money.accounts a join money.balances b on b.account_id = a.id where a.kind = 'provider_available' and b.owed_minor < 0 order by a.id limit 50
            """, row => ((Guid)row[0]!).ToString(), (id, row) => Post(_staff[who], $"admin/providers/{id}/write-offs",
                new { amount = new { minor = Math.Max(1, (long)row[2]! / share), currency = (string)row[1]! }, reason = "They will not come back." }));
    }

    private (string, Func<Task>) DecidesQuarantine()
    {
        if (_takenWrongly == 0) return Pays(wrongly: true);
        var how = _dice.Next(4) switch { 0 => "explained", 1 => "accepted", _ => "sent_back" };
        return Some("set aside", "select id from money.quarantine order by (resolved_at is not null), id limit 5", row => row[0]!.ToString()!, async (id, _) =>
        {
            if ((await Post(_staff[0], $"admin/quarantine/{id}/actions/resolve", new { how, reason = "Looked at." })).Status == 200) _takenWrongly--;
        });
    }

    private (string, Func<Task>) HandlesBatch()
    {
        var what = _dice.Next(12);
        if (what < 4) return ("build a batch", () => Post(_staff[0], "admin/payout-batches", new { currency = "KWD" }));
        return Some("batches", "select id, state, revision from money.payout_batches where state in ('built', 'approved') order by built_at desc, id limit 5", row => new PayoutBatchId((Guid)row[0]!).ToString(), async (id, row) =>
        {
            var (act, who) = what == 4 ? ("discard", 1) : what == 5 ? ("approve", 0) : (string)row[1]! is "built" ? ("approve", 1) : ("send", 0);
            var answer = await Post(_staff[who], $"admin/payout-batches/{id}/actions/{act}", new { revision = (int)row[2]! });
            if (answer.Status == 200 && what == 5) _wrong.Add($"{id} was approved by who built it.");
        });
    }

    private (string, Func<Task>) BankSpeaks()
    {
        var (line, returned) = ($"line-{seed}-{(_dice.Next(4) == 0 ? _lines : ++_lines)}", _dice.Next(4) == 0);
        return Some("the bank", FileSent, row => (string)row[0]!, (end, row) => Post(_staff[0], "admin/bank-results", new
        {
            reference = line, endToEnd = end, outcome = returned ? "returned" : "paid", amount = new { minor = (long)row[1]!, currency = (string)row[2]! },
        }));
    }

    private (string, Func<Task>) ForgesWebhook()
    {
        if (_payments.Count == 0) return Starts();
        var (payment, sale) = _payments.ElementAt(_dice.Next(_payments.Count));
        return ($"forged webhook of {payment}", async () =>
        {
            var body = new JsonObject
            {
                ["id"] = $"evt_forged_{_story.Count}", ["object"] = "event", ["type"] = "payment_intent.succeeded", ["data"] = new JsonObject
                {
                    ["object"] = new JsonObject
                    {
                        ["id"] = "pi_forged", ["object"] = "payment_intent", ["status"] = "succeeded", ["amount"] = 10, ["amount_received"] = 10, ["currency"] = sale.Currency.Code,
                        ["metadata"] = new JsonObject { ["payment_id"] = payment },
                    },
                },
            }.ToJsonString();
            var answer = await Send(new Sent("POST", "webhooks/stripe", MoneyWorld.Person(), body, ""), 0, ("Stripe-Signature", StripeEvent.Sign(body, "whsec_of_somebody_else", world.Time.GetUtcNow())));
            if (answer.Status < 400 && !Actor.Current.Value!.Killed) _wrong.Add($"A forged webhook was answered {answer.Status}.");
        });
    }

    private const string FileSent = """
        select p.end_to_end, w.minor - w.fee_minor, w.currency from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id
        where p.gateway = 'bank_file' and p.state in ('in_transit', 'completed') order by p.state desc, w.requested_at, w.id limit 20
        """;

    // Something that rows tell of, chosen when the work begins.
    private (string, Func<Task>) Some(string what, string sql, Func<object?[], string> name, Func<string, object?[], Task> work)
    {
        var which = _dice.NextDouble();
        return (what, async () =>
        {
            var rows = await world.Database.Rows(sql);
            if (rows.Count == 0) return;
            var row = rows[(int)(rows.Count * which)];
            Note(Actor.Current.Value!.No, $"{what}: {name(row)}");
            await work(name(row), row);
        });
    }

    private Task LooksForDisputes() => world.Data().InTransaction(tx => LookForDisputes.Plan(tx, world.Get<DisputeDesks>()));

    // In the end everybody does what is left to be done.
    private async Task Tidies()
    {
        foreach (var dispute in world.Gate.All("dispute").ToArray()) if (Text(dispute, "status") is "needs_response" or "under_review") world.Gate.Decides(dispute, won: Number(dispute, "amount") % 3 == 0);
        await Alone(HandlesAll("approvals", "select id, asked_by from money.approvals where state = 'pending' limit 100", async row =>
        {
            var (id, other) = (new ApprovalId((Guid)row[0]!), _staff[0].Is((Guid)row[1]!) ? 1 : 0);
            if ((await Post(_staff[other], $"admin/approvals/{id}/actions/approve", new { })).Status != 200) await Post(_staff[other], $"admin/approvals/{id}/actions/reject", new { said = "No." });
        }));
        await Alone(HandlesAll("refunds by hand", """
            select r.id from money.refunds r join money.payments p on p.id = r.payment_id where r.state = 'pending' and p.gateway in ('cash', 'bank_transfer') limit 100
            """, row => Post(_staff[0], $"admin/refunds/{new RefundId((Guid)row[0]!)}/settlements", new { document = $"H-{++_lines}", reason = "Handed over." })));
        await Alone(("build a batch", () => Post(_staff[0], "admin/payout-batches", new { currency = "KWD" })));
        foreach (var (state, act, who) in new[] { ("built", "approve", 1), ("approved", "send", 0) })
            await Alone(HandlesAll(act, $"select id, revision from money.payout_batches where state = '{state}' limit 100",
                row => Post(_staff[who], $"admin/payout-batches/{new PayoutBatchId((Guid)row[0]!)}/actions/{act}", new { revision = (int)row[1]! })));
        await Alone(HandlesAll("the bank", FileSent.Replace("'in_transit', 'completed'", "'in_transit'", StringComparison.Ordinal), row => Post(_staff[0], "admin/bank-results",
            new { reference = $"line-{seed}-{++_lines}", endToEnd = (string)row[0]!, outcome = "paid", amount = new { minor = (long)row[1]!, currency = (string)row[2]! } })));
    }

    private (string, Func<Task>) HandlesAll(string what, string sql, Func<object?[], Task> work) => (what, async () =>
    {
        foreach (var row in await world.Database.Rows(sql)) await work(row);
    });
}

using System.Text.Json.Nodes;
using Guildhall.Foundation.Security;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>What may happen in a <see cref="Play"/>. Each answers its name and its work; what it decides by dice is decided before it begins.</summary>
internal sealed partial class Play
{
    private (string, Func<Task>) PlacesOrder()
    {
        var customer = _customers[_dice.Next(People)];
        var (currency, step) = _dice.Next(5) switch { 0 => (MoneyWorld.Usd, 1), 1 => (Currency.Of("JPY"), 1), _ => (MoneyWorld.Kwd, 10) };
        var (free, later) = (_dice.Next(15) == 0, _dice.Next(4) == 0);
        OrderLine[] lines = free ? [new OrderLine("Nothing", new Amount(0, currency))] : [.. Enumerable.Range(1, _dice.Next(1, 4)).Select(i => new OrderLine($"Line {i}", new Amount(_dice.Next(1, 3_000) * step, currency)))];
        var (subject, gone, fresh, who) = (Guid.NewGuid(), _dice.Next(12) == 0 && !free, _providers.Count < 3 || (_providers.Count < Sellers && _dice.Next(3) == 0), _dice.Next());
        return ($"{currency} order of {(free ? "nothing" : $"{lines.Length} lines")}{(later ? ", taken later" : "")}", async () =>
        {
            var provider = fresh ? await world.Provider() : _providers[who % _providers.Count];
            if (fresh) _providers.Add(provider);
            if (gone) world.Gone.Add(subject);
            var id = await world.Data().InTransaction(tx => PlaceOrder.Run(tx, customer, new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", subject, lines, tx.Now.AddMinutes(30), CaptureLater: later)));
            var sale = new Sale(id, customer, provider, currency);
            _sales.Add(sale);
            _unstarted.Add(sale);
        });
    }

    // The newest sales are the liveliest.
    private Sale SomeSale() => _sales[^(1 + (int)(_sales.Count * _dice.NextDouble() * _dice.NextDouble()))];

    private Sale SomePaidSale()
    {
        var paid = Taken().Select(i => Text((JsonObject)i["metadata"]!, "payment_id")!).ToArray();
        return paid.Length > 0 && _payments.TryGetValue(paid[_dice.Next(paid.Length)], out var sale) ? sale : SomeSale();
    }

    private (string, Func<Task>) Starts()
    {
        var sale = _unstarted.Count > 0 && _dice.Next(5) > 0 ? _unstarted[^1] : SomeSale();
        _unstarted.Remove(sale);
        return ($"start {sale.Id}", async () =>
        {
            if ((await Post(sale.Customer, $"orders/{sale.Id}/payments", null)) is { Status: 201 } answer) _payments[answer.Json.GetProperty("id").GetString()!] = sale;
        });
    }

    private (string, Func<Task>) Pays(bool wrongly = false)
    {
        var (late, rogue, which, declined, more) = (_dice.Next(15) == 0, wrongly || _dice.Next(12) == 0, _dice.NextDouble(), _dice.Next(5) == 0, _dice.Next(-1, 2) * 10);
        return (rogue ? "a wrong amount is told" : late ? "money comes late" : declined ? "the customer is declined" : "the customer pays", async () =>
        {
            // Only at an address that somebody was told: a page whose answer was lost may have been made anew.
            var told = (await world.Database.Column<string>("select gateway_ref from money.payments where gateway_ref is not null")).ToHashSet(StringComparer.Ordinal);
            var pages = world.Gate.All("checkout.session").Where(s => told.Contains(Text(s, "id")!) && (late ? world.Gate.MayBeLate(s) : Text(s, "status") is "open")).ToArray();
            if (pages.Length == 0) return;
            var page = pages[(int)(pages.Length * which)];
            Note(Actor.Current.Value!.No, $"at {Text(page, "id")}");
            if (!rogue) world.Gate.Pays(page, declined && !late, late);
            else if (world.Gate.TakesWrongly(page, declined ? 0 : more == 0 ? 10 : more, inEuros: declined)) _takenWrongly++;
        });
    }

    [System.Text.RegularExpressions.GeneratedRegex("pay_[0-9a-z]+", System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex PaymentText();

    private (string, Func<Task>) Webhook()
    {
        if (world.Gate.Events.Count == 0) return RunsJob();
        var i = _dice.Next(world.Gate.Events.Count);
        // Often one more of the payment that was told of last: two facts of one payment meet.
        if (_toldOf is { } payment && _dice.Next(2) == 0 && world.Gate.Events.FindIndex(e => e.Contains(payment, StringComparison.Ordinal)) is >= 0 and var same) i = same;
        _toldOf = PaymentText().Match(world.Gate.Events[i]) is { Success: true } told ? told.Value : null;
        var (body, fate, node) = (world.Gate.Events[i], _dice.Next(10), _dice.Next(2));
        if (fate != 0) world.Gate.Events.RemoveAt(i); // else it will come again
        if (fate == 1) return ($"lost: {Short(body)}", () => Task.CompletedTask);
        return ($"webhook {Short(body)}", async () =>
        {
            var signature = StripeEvent.Sign(body, World.WebhookSecret, world.Time.GetUtcNow());
            await Send(new Sent("POST", "webhooks/stripe", MoneyWorld.Person(), body, ""), node, ("Stripe-Signature", signature));
        });
    }

    private (string, Func<Task>) RunsJob()
    {
        // The one behind it as well: jobs that were queued together are often about the same thing.
        var (which, node) = (_lastJob ?? _dice.NextDouble(), _dice.Next(2));
        _lastJob = _lastJob is null && _dice.Next(2) == 0 ? which : null;
        return ("job", async () =>
        {
            var ready = await world.Jobs.Ready();
            if (ready.Count == 0) return;
            var job = ready[(int)(ready.Count * which)];
            Note(Actor.Current.Value!.No, $"{job.Kind} {job.Id}");
            await world.Jobs.Run(job, node);
        });
    }

    private (string, Func<Task>) ComesBack()
    {
        if (_payments.Count == 0) return Starts();
        var payment = _payments.Keys.ElementAt(_dice.Next(_payments.Count));
        return ($"browser comes back with {payment}", () => Send(new Sent("GET", $"/return/stripe/{payment}?status=success", MoneyWorld.Person(), null, ""), 0));
    }

    private (string, Func<Task>) CancelsPayment()
    {
        if (_payments.Count == 0) return Starts();
        var (payment, sale) = _payments.ElementAt(_dice.Next(_payments.Count));
        return ($"cancel {payment}", () => Post(sale.Customer, $"payments/{payment}/actions/cancel", null));
    }

    private (string, Func<Task>) CancelsOrder()
    {
        var sale = SomeSale();
        return ($"cancel {sale.Id}", () => world.Data().InTransaction(tx => CancelOrder.Run(tx, Caller.System("test"), sale.Id, "The customer went away.")));
    }

    private (string, Func<Task>) Refunds()
    {
        var paid = Taken();
        if (paid.Length == 0) return Pays();
        // The same payment again: two who ask at once for all there is.
        var (again, intent) = (_lastRefunded is not null, _lastRefunded ?? paid[_dice.Next(paid.Length)]);
        _lastRefunded = again || _dice.Next(2) == 0 ? null : intent;
        if (Text((JsonObject)intent["metadata"]!, "payment_id") is not { } payment || !_payments.TryGetValue(payment, out var sale)) return RunsJob();
        var all = Number(intent, "amount");
        long? part = again || _lastRefunded is not null ? null : _dice.Next(3) switch { 0 => null, 1 => Math.Max(10, all / 3 / 10 * 10), _ => Math.Max(10, _dice.NextInt64(1, all + 1) / 10 * 10) };
        return ($"refund {part?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "the rest"} of {payment}", () => Post(_staff[0], $"payments/{payment}/refunds",
            new { reason = "Asked for.", amount = part is { } minor ? new { minor, currency = sale.Currency.Code } : null }));
    }

    private (string, Func<Task>) Releases()
    {
        var sale = _contested.Count > 0 && _dice.Next(2) == 0 ? _contested[_dice.Next(_contested.Count)] : SomePaidSale();
        return ($"release {sale.Id}", async () =>
        {
            if ((await world.Data().InTransaction(tx => ReleaseEscrow.Run(tx, Caller.System("test"), sale.Id))).Is(out _, out _)) _released.Add(sale);
        });
    }

    private (string, Func<Task>) Withdraws()
    {
        // The same seller again: two who ask at once for all there is. Mostly one who has earned it.
        var again = _lastSeller is not null;
        var sale = _lastSeller ?? (_released.Count > 0 && _dice.Next(4) > 0 ? _released[^(1 + (int)(_released.Count * _dice.NextDouble() * _dice.NextDouble()))] : SomePaidSale());
        _lastSeller = again || _dice.Next(2) == 0 ? null : sale;
        var share = again || _lastSeller is not null ? 1 : _dice.Next(1, 5);
        return ($"withdraw for the seller of {sale.Id}", async () =>
        {
            var has = await world.Database.Value<long>("""
                select coalesce(sum(b.owed_minor), 0)::bigint from money.balances b join money.accounts a on a.id = b.account_id
                where a.owner_id = $1 and a.kind = 'provider_available' and a.currency = $2
                """, sale.Provider.AccountId!.Value, sale.Currency.Code);
            var minor = Math.Max(10, has / share / 10 * 10);
            if ((await Post(sale.Provider, "withdrawals", new { amount = new { minor, currency = sale.Currency.Code } })) is { Status: 201 } answer)
                _withdrawals.Add((answer.Json.GetProperty("id").GetString()!, sale.Provider));
        });
    }

    private (string, Func<Task>) Decides()
    {
        if (_withdrawals.Count == 0) return Withdraws();
        var ((id, provider), what) = (_withdrawals[^(1 + (_dice.Next(_withdrawals.Count) / 2))], _dice.Next(8));
        return what switch
        {
            0 => ($"reject {id}", () => Post(_staff[1], $"admin/withdrawals/{id}/actions/reject", new { revision = 1, reason = "No." })),
            1 => ($"cancel {id}", () => Post(provider, $"withdrawals/{id}/actions/cancel", null)),
            2 or 3 => ($"own approval of {id}", async () =>
            {
                var own = await Post(provider with { Permissions = new HashSet<string>(StringComparer.Ordinal) { "*" } }, $"admin/withdrawals/{id}/actions/approve", new { revision = 1 });
                if (own.Status is 200 or 202) _wrong.Add($"A provider approved {id} of their own.");
            }),
            _ => ($"approve {id}", () => Post(_staff[0], $"admin/withdrawals/{id}/actions/approve", new { revision = 1 })),
        };
    }

    // What the gateway and the banks do later.
    private (string, Func<Task>) GatewayMoves()
    {
        var (refunds, payouts, dice, silent) = (world.Gate.All("refund"), world.Gate.All("payout"), _dice.Next(4), _dice.Next(2) == 0);
        return ("the gateway moves", () =>
        {
            foreach (var refund in refunds.Where(r => Text(r, "status") is "pending").ToArray()) world.Gate.Becomes(refund, dice == 0 ? "failed" : "succeeded");
            foreach (var payout in payouts.Where(p => Text(p, "status") is "pending").ToArray()) world.Gate.Becomes(payout, dice == 1 ? "failed" : "paid");
            if (dice == 2 && payouts.LastOrDefault(p => Text(p, "status") is "paid") is { } returned) world.Gate.Becomes(returned, "failed");
            if (dice == 3 && refunds.LastOrDefault(p => Text(p, "status") is "succeeded") is { } failed)
            {
                world.Gate.Becomes(failed, "failed");
                if (silent) world.Gate.Events.RemoveAt(world.Gate.Events.Count - 1);
            }
            return Task.CompletedTask;
        });
    }

    // A client that had no answer sends the same again; one that had an answer gets the same.
    private (string, Func<Task>) Repeats()
    {
        if (_unanswered.Count > 0)
        {
            var sent = _unanswered[_dice.Next(_unanswered.Count)];
            _unanswered.Remove(sent);
            return ($"again: {sent.Path}", async () =>
            {
                await world.Database.Execute("update foundation.idempotency set lease_until = clock_timestamp() - interval '1 second' where key = $1 and state = 'started'", sent.Key);
                await Kept(sent, await Send(sent, 1));
            });
        }
        if (_answered.Count == 0) return RunsJob();
        var (earlier, answer) = _answered[_dice.Next(_answered.Count)];
        return ($"the same again: {earlier.Path}", async () =>
        {
            var now = await Send(earlier, 0);
            if (!Actor.Current.Value!.Killed && !string.Equals($"{now.Status} {now.Text}", answer, StringComparison.Ordinal)) _wrong.Add($"{earlier.Path} with the key {earlier.Key} was answered {answer}, and then {now.Status} {now.Text}");
        });
    }

    private (string, Func<Task>) ChangesFee()
    {
        var (fee, tax, reserve, bearer, byFile) = (_dice.Next(0, 40) * 50, _dice.Next(3) == 0 ? 1500 : 0, _dice.Next(2) * 1000, _dice.Next(2) == 0 ? "platform" : "provider", _dice.Next(2) == 0);
        return ($"the fee is {fee}, the reserve {reserve} from now on", () => SetsRules(fee, tax, reserve, bearer, byFile));
    }

    private Task SetsRules(int fee, int tax, int reserve, string bearer, bool byFile) => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at)
        values ('money.platform_fee_basis_points', to_jsonb($1::int), 1, now()), ('money.platform_fee_tax_basis_points', to_jsonb($2::int), 1, now()),
            ('money.rolling_reserve_basis_points', to_jsonb($3::int), 1, now()), ('money.rolling_reserve_days', to_jsonb(2), 1, now()),
            ('money.dispute_fee_bearer', to_jsonb($4::text), 1, now()), ('money.bank_file_currencies', to_jsonb($5::text), 1, now())
        on conflict (key) do update set value = excluded.value
        """, fee, tax, reserve, bearer, byFile ? "KWD" : "");

    private (string, Func<Task>) TimePasses()
    {
        var time = TimeSpan.FromSeconds(_dice.Next(10) switch { < 4 => _dice.Next(1, 20), < 7 => _dice.Next(20, 200), < 9 => _dice.Next(200, 2500), _ => _dice.Next(7200, 200_000) });
        return ($"{time} pass", async () =>
        {
            world.Time.Passes(time);
            world.Gate.Expiries();
            await world.Jobs.LeasesEnd();
            await LooksForDisputes();
        });
    }
}

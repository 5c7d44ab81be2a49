using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Disputes;

/// <summary>The only way into a dispute's states. A message opens one that we do not know and otherwise only makes us ask: messages come late, twice and
/// in any order. An answer to our question counts if nothing was settled since we asked, so that answers count in the order in which they were true.</summary>
public static class SettleDispute
{
    /// <summary>What a webhook said. The gateway is asked in any case.</summary>
    internal static async Task<Result<Done>> Hear(Transaction tx, Caller source, DisputeFact fact, long webhook)
    {
        var gateway = source.Name!;
        await tx.Enqueue(new CheckDispute(gateway, fact.Reference, webhook), uniqueKey: $"{fact.Reference}:{webhook}");
        if (await tx.Find<DisputeId?>("select id from money.disputes where gateway = @gateway and gateway_ref = @Reference", new { gateway, fact.Reference }) is not null) return default(Done);
        if (await PaymentOf(tx, gateway, fact) is not { } payment) return default(Done); // perhaps not captured here yet: the answer to our question will tell
        var settled = await Settle(tx, source, gateway, payment, fact, seen: 0);
        return settled.Granted || settled.Refusal == MoneyRefusals.PaymentNotCaptured ? default(Done) : settled.Refusal;
    }

    /// <summary>Records what the gateway answered. <paramref name="seen"/> is the revision before it was asked, 0 when there was no dispute. Answers false
    /// when something was settled meanwhile: ask again.</summary>
    internal static async Task<Result<bool>> Settle(Transaction tx, Caller source, string gateway, PaymentId payment, DisputeFact fact, int seen)
    {
        var sale = await DisputeBooks.Lock(tx, payment);
        if (sale is null) return MoneyRefusals.PaymentNotFound;
        if (sale.CapturedMinor == 0) return MoneyRefusals.PaymentNotCaptured;
        var known = (await Disputes.LockOf(tx, payment)).FirstOrDefault(d => string.Equals(d.GatewayRef, fact.Reference, StringComparison.Ordinal));
        if ((known?.Revision ?? 0) != seen) return false;
        if (fact.Amount.Currency != sale.Currency || (known is not null && known.Minor != fact.Amount.Minor))
        {
            await Quarantined.OfPayment(tx, source, payment, "wrong_dispute_amount", $"{known?.Of(known.Minor) ?? Amount.Zero(sale.Currency)} of {fact.Reference}", $"{fact.Amount} of {fact.Reference}");
            return true;
        }
        var state = StateOf(known, fact);
        var dispute = known ?? await Open(tx, source, gateway, sale, fact, state);
        if (known is null || IsNews(known, fact)) await Change(tx, source, sale, dispute, state, fact, isNew: known is null);
        else if (known.ExcessMinor > 0) await DisputeBooks.Rebook(tx, sale, known); // what it could not take may have been released as a whole since
        return true;
    }

    /// <summary>Whether the gateway says something of it that we do not have.</summary>
    internal static bool IsNews(Dispute known, DisputeFact fact) => known.State != StateOf(known, fact) || known.DueAt != fact.DueAt || fact.Withdrawn.Minor > known.WithdrawnMinor || fact.Reinstated.Minor > known.ReinstatedMinor
        || fact.Fee?.Minor > known.FeeMinor || fact.FeeReturned?.Minor > known.FeeReturnedMinor;

    private static DisputeState StateOf(Dispute? known, DisputeFact fact) =>
        known?.AcceptAskedAt is not null && fact.State == DisputeFactState.Lost ? DisputeState.Accepted : Enum.Parse<DisputeState>(fact.State.ToString());

    private static async Task<Dispute> Open(Transaction tx, Caller source, string gateway, DisputeBooks.Sale sale, DisputeFact fact, DisputeState state)
    {
        var id = tx.NewId<DisputeId>();
        var bearer = sale.ProviderId == Orders.Orders.Platform ? "platform" : await tx.Setting(MoneySettings.DisputeFeeBearer);
        await tx.ChangeOne(Insert, new
        {
            id, payment = sale.Id, order = sale.OrderId, gateway, fact.Reference, state, fact.Reason, currency = sale.Currency, minor = fact.Amount.Minor, fact.DueAt, fact.OpenedAt,
            closed = Disputes.IsOpen(state) ? (DateTimeOffset?)null : tx.Now, bearer, now = tx.Now,
        });
        await tx.Audit(source, "dispute.opened", "dispute", id.ToString(), after: new { payment = sale.Id, fact.Amount, fact.Reason, state });
        return await tx.Get<Dispute>($"select {Disputes.Columns} {Disputes.From} where d.id = @id", new { id });
    }

    private static async Task Change(Transaction tx, Caller source, DisputeBooks.Sale sale, Dispute before, DisputeState state, DisputeFact fact, bool isNew)
    {
        var dispute = before with
        {
            State = state, DueAt = fact.DueAt, ClosedAt = Disputes.IsOpen(state) ? null : before.ClosedAt ?? tx.Now,
            WithdrawnMinor = Math.Max(before.WithdrawnMinor, fact.Withdrawn.Minor), ReinstatedMinor = Math.Max(before.ReinstatedMinor, fact.Reinstated.Minor),
            FeeCurrency = fact.Fee?.Currency ?? before.FeeCurrency, FeeMinor = Math.Max(before.FeeMinor, fact.Fee?.Minor ?? 0),
            FeeReturnedMinor = Math.Max(before.FeeReturnedMinor, fact.FeeReturned?.Minor ?? 0), Postings = before.Postings,
        };
        await tx.ChangeOne(Update, new
        {
            dispute.Id, seen = before.Revision, dispute.State, dispute.DueAt, dispute.ClosedAt, dispute.WithdrawnMinor, dispute.ReinstatedMinor, dispute.FeeCurrency, dispute.FeeMinor,
            dispute.FeeReturnedMinor, now = tx.Now,
        });
        var changed = isNew || before.State != state;
        if (changed)
        {
            await Timeline.Note(tx, source, dispute.PaymentId, "dispute_" + Names.Of(state), new { dispute = dispute.Id, amount = dispute.Of(dispute.Minor), dispute.Reason, dispute.DueAt });
            if (!isNew) await tx.Audit(source, "dispute." + Names.Of(state), "dispute", dispute.Id.ToString(), before: new { before.State }, after: new { state });
            await tx.Publish(new DisputeChanged(dispute.Id, dispute.OrderId, dispute.PaymentId, dispute.ProviderId, dispute.Of(dispute.Minor), state, isNew, dispute.DueAt));
        }
        await RemindOfDispute.Plan(tx, dispute.Id, dispute.IsOpen ? dispute.DueAt : null);
        // The journals come last, since they may lock the provider's balances.
        await GatewayMoved(tx, source, before, dispute);
        await DisputeBooks.Rebook(tx, sale, dispute);
        tx.Hint($"order:{dispute.OrderId}");
    }

    // What the gateway took and gave back, each a fact of its own: totals only grow, and each growth is posted once.
    private static async Task GatewayMoved(Transaction tx, Caller source, Dispute before, Dispute now)
    {
        var funds = Book.Platform(AccountKind.DisputedFunds);
        var fees = Book.Platform(AccountKind.DisputeFees);
        async Task Post(Journal journal, string kind, Amount amount)
        {
            await journal.Post(tx);
            await Timeline.Note(tx, source, now.PaymentId, kind, new { dispute = now.Id, amount });
        }
        if (now.WithdrawnMinor - before.WithdrawnMinor is > 0 and var taken)
            await Post(new Journal($"dispute_withdrawn:{now.Id}:{now.WithdrawnMinor}", "dispute_withdrawn", now.OrderId).Move(now.Of(taken), debit: funds, credit: Book.Clearing), "dispute_funds_withdrawn", now.Of(taken));
        if (now.ReinstatedMinor - before.ReinstatedMinor is > 0 and var back)
            await Post(new Journal($"dispute_reinstated:{now.Id}:{now.ReinstatedMinor}", "dispute_reinstated", now.OrderId).Move(now.Of(back), debit: Book.Clearing, credit: funds), "dispute_funds_reinstated", now.Of(back));
        if (now.FeeCurrency is not { } currency) return;
        if (new Amount(now.FeeMinor - before.FeeMinor, currency) is { IsPositive: true } fee)
            await Post(new Journal($"dispute_fee:{now.Id}:{now.FeeMinor}", "dispute_fee", now.OrderId).Move(fee, debit: fees, credit: Book.Clearing), "dispute_fee", fee);
        if (new Amount(now.FeeReturnedMinor - before.FeeReturnedMinor, currency) is { IsPositive: true } returned)
            await Post(new Journal($"dispute_fee_returned:{now.Id}:{now.FeeReturnedMinor}", "dispute_fee_returned", now.OrderId).Move(returned, debit: Book.Clearing, credit: fees), "dispute_fee_returned", returned);
    }

    /// <summary>The payment a dispute is about: named by our id, or by the gateway's.</summary>
    internal static async Task<PaymentId?> PaymentOf(Transaction tx, string gateway, DisputeFact fact) => fact.Payment is { } named
        ? await tx.Find<PaymentId?>("select id from money.payments where id = @named and gateway = @gateway", new { named, gateway })
        : await tx.Find<PaymentId?>("select id from money.payments where gateway = @gateway and gateway_payment = @GatewayPayment order by id limit 1", new { gateway, fact.GatewayPayment });

    private const string Insert = """
        insert into money.disputes (id, payment_id, order_id, gateway, gateway_ref, state, reason, currency, minor, fee_bearer, due_at, opened_at, closed_at, changed_at, revision)
        values (@id, @payment, @order, @gateway, @Reference, @state, @Reason, @currency, @minor, @bearer, @DueAt, @OpenedAt, @closed, @now, 0)
        """;

    private const string Update = """
        update money.disputes set state = @State, due_at = @DueAt, closed_at = @ClosedAt, withdrawn_at = case when @WithdrawnMinor > withdrawn_minor then @now else withdrawn_at end,
            reinstated_at = case when @ReinstatedMinor > reinstated_minor then @now else reinstated_at end, withdrawn_minor = @WithdrawnMinor, reinstated_minor = @ReinstatedMinor, fee_currency = @FeeCurrency,
            fee_minor = @FeeMinor, fee_returned_minor = @FeeReturnedMinor, revision = revision + 1, changed_at = @now where id = @Id and revision = @seen
        """;
}

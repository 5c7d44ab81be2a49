using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Fees;
using Guildhall.Money.Ledger;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Disputes;

/// <summary>What a dispute does to the books. It takes of the payment what refunds and other disputes have left, at most what is disputed: the
/// provider's share is set aside (from escrow, or from available after the release), the platform's fee stays where it is until the dispute is lost. Lost
/// is what the gateway really took; what exceeds the payment's rest (also what was released in parts, until all is) is the platform's loss. Every step has its own journal and its mirror.</summary>
internal static class DisputeBooks
{
    /// <summary>The payment under its locks, with what others than this dispute took.</summary>
    internal sealed record Sale(PaymentId Id, OrderId OrderId, Guid ProviderId, Currency Currency, long TotalMinor, long OrderFeeMinor, long OrderTaxMinor, DateTimeOffset? ReleasedAt,
        bool Applied, long CapturedMinor, long RefundedMinor, long FeeBackMinor, long FeeTaxBackMinor, long DisputedMinor, long DisputedFeeMinor, long DisputedTaxMinor,
        long PartedMinor, long PartedFeeMinor, long PartedTaxMinor)
    {
        public long Free => CapturedMinor - RefundedMinor - DisputedMinor - PartedMinor;
        public (AccountKind, Guid?) SharePlace => ReleasedAt is null ? Book.Escrow : Book.Available(ProviderId);
        public (AccountKind, Guid?) FeePlace => !Applied ? Book.Unapplied : ReleasedAt is null ? Book.Escrow : Book.PlatformFee;

        public (AccountKind, Guid?) TaxPlace => ReleasedAt is null ? Book.Escrow : Book.Platform(AccountKind.FeeTax);

        // Money that paid no order is nobody's sale: there is no share of it to set aside.
        public (Amount Fee, Amount Tax) FeeOf(Amount part) => !Applied ? (part, Of(0))
            : FeeShare.Of(new SaleFee(Of(TotalMinor), Of(OrderFeeMinor), Of(OrderTaxMinor)), RefundedMinor + DisputedMinor + PartedMinor, FeeBackMinor + DisputedFeeMinor + PartedFeeMinor,
                FeeTaxBackMinor + DisputedTaxMinor + PartedTaxMinor, part);

        private Amount Of(long minor) => new(minor, Currency);
    }

    /// <summary>Locks order, payment and guard.</summary>
    public static Task<Sale?> Lock(Transaction tx, PaymentId payment) => tx.Find<Sale>(LockSql, new { payment });

    /// <summary>Brings the books to what the dispute's state and the gateway's totals say; does nothing when they are there.</summary>
    public static async Task Rebook(Transaction tx, Sale sale, Dispute dispute)
    {
        var (position, want, excess) = Target(sale, dispute);
        var charge = position == DisputePosition.Lost && dispute.FeeBearer is "provider" && dispute.FeeCurrency == sale.Currency ? dispute.FeeMinor - dispute.FeeReturnedMinor : 0;
        if (dispute.Position == position && dispute.TakenMinor == want && dispute.ExcessMinor == excess && dispute.FeeChargedMinor == charge) return;
        await tx.Find<long>("select money.lock_balances(@ProviderId, @Currency)", new { sale.ProviderId, sale.Currency });
        var books = new Posting(tx, sale, dispute);
        await books.Move(position, want, excess);
        await books.Charge(charge);
        await books.Save();
    }

    private static (DisputePosition Position, long Taken, long Excess) Target(Sale sale, Dispute dispute)
    {
        var within = sale.Free + dispute.TakenMinor;
        var net = dispute.WithdrawnMinor - dispute.ReinstatedMinor;
        return dispute.State switch
        {
            DisputeState.NeedsResponse or DisputeState.UnderReview => (DisputePosition.Held, Math.Min(dispute.Minor, within), 0),
            DisputeState.Lost or DisputeState.Accepted when net > 0 => (DisputePosition.Lost, Math.Min(Math.Min(net, dispute.Minor), within), net - Math.Min(Math.Min(net, dispute.Minor), within)),
            _ => (DisputePosition.None, 0, 0),
        };
    }

    private sealed class Posting(Transaction tx, Sale sale, Dispute dispute)
    {
        private Sale _sale = sale;
        private Dispute _now = dispute;

        private Amount Fee => _now.Of(_now.TakenFeeMinor);
        private Amount Tax => _now.Of(_now.TakenTaxMinor);
        private Amount Share => _now.Of(_now.TakenMinor - _now.TakenFeeMinor - _now.TakenTaxMinor);
        private (AccountKind, Guid?) Aside => Book.Disputed(_sale.ProviderId);

        public async Task Move(DisputePosition position, long want, long excess)
        {
            var same = _now.TakenMinor == want;
            if (_now.Position == DisputePosition.Lost && !(position == DisputePosition.Lost && same && _now.ExcessMinor == excess)) await UndoLoss();
            if (_now.Position == DisputePosition.Held && (position == DisputePosition.None || !same)) await Free();
            if (_now.Position == DisputePosition.None && position != DisputePosition.None) await Take(want);
            if (_now.Position == DisputePosition.Held && position == DisputePosition.Lost) await Lose(excess);
        }

        private Task Take(long want)
        {
            var (fee, tax) = _sale.FeeOf(_now.Of(want));
            _now = _now with { Position = DisputePosition.Held, TakenMinor = want, TakenFeeMinor = fee.Minor, TakenTaxMinor = tax.Minor };
            Count(1);
            return new Journal($"dispute_opened:{_now.Id}:{Next()}", "dispute_opened", _sale.OrderId).Move(Share, debit: _sale.SharePlace, credit: Aside).Post(tx);
        }

        private async Task Free()
        {
            await new Journal($"dispute_freed:{_now.Id}:{Next()}", "dispute_freed", _sale.OrderId).Move(Share, debit: Aside, credit: _sale.SharePlace).Post(tx);
            Count(-1);
            _now = _now with { Position = DisputePosition.None, TakenMinor = 0, TakenFeeMinor = 0, TakenTaxMinor = 0 };
        }

        private void Count(int sign) => _sale = _sale with
        {
            DisputedMinor = _sale.DisputedMinor + (sign * _now.TakenMinor), DisputedFeeMinor = _sale.DisputedFeeMinor + (sign * _now.TakenFeeMinor),
            DisputedTaxMinor = _sale.DisputedTaxMinor + (sign * _now.TakenTaxMinor),
        };

        private async Task Lose(long excess)
        {
            _now = _now with { Position = DisputePosition.Lost, ExcessMinor = excess };
            await new Journal($"dispute_lost:{_now.Id}:{Next()}", "dispute_lost", _sale.OrderId)
                .Move(Share, debit: Aside, credit: Book.Platform(AccountKind.DisputedFunds))
                .Move(Fee, debit: _sale.FeePlace, credit: Book.Platform(AccountKind.DisputedFunds))
                .Move(Tax, debit: _sale.TaxPlace, credit: Book.Platform(AccountKind.DisputedFunds))
                .Move(_now.Of(excess), debit: Book.Platform(AccountKind.DisputeLosses), credit: Book.Platform(AccountKind.DisputedFunds)).Post(tx);
        }

        private async Task UndoLoss()
        {
            await new Journal($"dispute_loss_undone:{_now.Id}:{Next()}", "dispute_loss_undone", _sale.OrderId)
                .Move(Share, debit: Book.Platform(AccountKind.DisputedFunds), credit: Aside)
                .Move(Fee, debit: Book.Platform(AccountKind.DisputedFunds), credit: _sale.FeePlace)
                .Move(Tax, debit: Book.Platform(AccountKind.DisputedFunds), credit: _sale.TaxPlace)
                .Move(_now.Of(_now.ExcessMinor), debit: Book.Platform(AccountKind.DisputedFunds), credit: Book.Platform(AccountKind.DisputeLosses)).Post(tx);
            _now = _now with { Position = DisputePosition.Held, ExcessMinor = 0 };
        }

        public async Task Charge(long minor)
        {
            var more = _now.Of(minor - _now.FeeChargedMinor);
            var (available, fees) = (Book.Available(_sale.ProviderId), Book.Platform(AccountKind.DisputeFees));
            if (more.Minor > 0) await new Journal($"dispute_fee_charged:{_now.Id}:{Next()}", "dispute_fee_charged", _sale.OrderId).Move(more, debit: available, credit: fees).Post(tx);
            if (more.Minor < 0) await new Journal($"dispute_fee_back:{_now.Id}:{Next()}", "dispute_fee_back", _sale.OrderId).Move(-more, debit: fees, credit: available).Post(tx);
            _now = _now with { FeeChargedMinor = minor };
        }

        public async Task Save()
        {
            await tx.ChangeOne(SaveSql, new { _now.Id, _now.Position, _now.TakenMinor, _now.TakenFeeMinor, _now.TakenTaxMinor, _now.ExcessMinor, _now.FeeChargedMinor, _now.Postings, now = tx.Now });
            await tx.ChangeOne("update money.payment_guards set disputed_minor = @DisputedMinor, disputed_fee_minor = @DisputedFeeMinor, disputed_tax_minor = @DisputedTaxMinor where payment_id = @Id",
                new { _sale.Id, _sale.DisputedMinor, _sale.DisputedFeeMinor, _sale.DisputedTaxMinor });
        }

        private int Next() => (_now = _now with { Postings = _now.Postings + 1 }).Postings;
    }

    private const string LockSql = """
        select p.id, p.order_id, o.provider_id, p.currency, o.total_minor, o.fee_minor as order_fee_minor, o.fee_tax_minor as order_tax_minor, o.released_at, p.id is not distinct from o.paid_payment_id as applied,
            g.captured_minor, g.refunded_minor, g.fee_back_minor, g.fee_tax_back_minor, g.disputed_minor, g.disputed_fee_minor, g.disputed_tax_minor, g.parted_minor, g.parted_fee_minor,
            g.parted_tax_minor
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id where p.id = @payment for update of o, p, g
        """;

    private const string SaveSql = """
        update money.disputes set position = @Position, taken_minor = @TakenMinor, taken_fee_minor = @TakenFeeMinor, taken_tax_minor = @TakenTaxMinor, excess_minor = @ExcessMinor, fee_charged_minor = @FeeChargedMinor,
            postings = @Postings, changed_at = @now where id = @Id
        """;
}

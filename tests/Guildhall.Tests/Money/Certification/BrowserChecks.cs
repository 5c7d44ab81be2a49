using Guildhall.Money;

namespace Guildhall.Tests.Money.Certification;

/// <summary>What browsers bring back from the gateway: early, twice, with claims of their own, or from nowhere.</summary>
internal static class BrowserChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("Browser: comes back before the customer has paid", BackUnpaid),
        new("Browser: comes back twice at once", BackTwice),
        new("Browser: brings claims of its own", BackWithClaims),
        new("Browser: names a payment that there is not", BackFromNowhere),
    ];

    private static async Task<Outcome> BackUnpaid(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        await a.Asks(payment.Id);
        await a.IsUntouched(deal, payment.Id);
        await a.NoMessages();
        await a.Partner.Pays(payment);
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BackTwice(Attempt a)
    {
        await a.NoMessages();
        var (deal, payment) = await a.Opened();
        await a.Partner.Pays(payment);
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => a.Returns(payment.Id)))) answer.Must(303);
        await a.IsCaptured(deal, payment.Id);
        await a.Asks(payment.Id);
        await a.IsCaptured(deal, payment.Id);
        (await a.World.Database.Count("money.webhooks where payment_id = $1 and proof = 'return'", payment.Id.Value)).ShouldBe(1);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BackWithClaims(Attempt a)
    {
        var (deal, payment) = await a.Opened();
        (await a.Returns(payment.Id, $"?status=success&result=CAPTURED&STATUS=TXN_SUCCESS&payment_status=paid&amt={a.Price.Text}&amount={a.Price.Minor}")).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await a.IsUntouched(deal, payment.Id);
        return Outcome.Passed;
    }

    private static async Task<Outcome> BackFromNowhere(Attempt a)
    {
        (await a.Returns(new PaymentId(Guid.CreateVersion7()))).Must(404);
        (await a.World.Visitor().Send(HttpMethod.Get, $"/return/{a.Partner.Name}/%27%20or%201=1")).Must(404);
        var (deal, payment) = await a.Opened();
        (await a.World.Visitor().Send(HttpMethod.Get, $"/return/nobody/{payment.Id}")).Must(404);
        await a.IsUntouched(deal, payment.Id);
        return Outcome.Passed;
    }
}

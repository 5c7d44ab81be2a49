using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Certification;

/// <summary>What is sent is taken by a mock that was made from a description of the API and knows nothing of us.</summary>
internal static class RequestChecks
{
    public static readonly IReadOnlyList<Check> All = [new("Requests: each is taken by a strict mock of the API's description, which refuses spoilt ones", Described)];

    private static async Task<Outcome> Described(Attempt a)
    {
        if (a.Partner.Descriptions.Length == 0) return Outcome.NotOffered;
        await using var mock = await StrictMock.Of(a.Partner.Descriptions);
        a.Partner.Line.Before = mock.Sees;
        if (a.Can.ManualCapture)
        {
            await HoldChecks.HeldAndTaken(a);
            await HoldChecks.HeldAndLetGo(a);
        }
        var (left, page) = await a.Opened();
        await a.Asks(page.Id);
        await a.Ends(left, page);
        var (deal, payment) = await a.Paid();
        await a.Becomes(deal, payment.Id, (await a.GivesBack(payment.Id)).OrThrow().Id, RefundState.Completed);

        (await mock.Refused()).ShouldBeEmpty();
        foreach (var call in Enum.GetValues<Call>()) mock.Seen.ShouldContain(seen => a.Partner.Is(call, seen, ""), $"{call} was not among {string.Join(", ", mock.Seen)}");
        (await mock.NeededBy(mock.Seen.First(seen => a.Partner.Is(Call.Create, seen, "")))).ShouldNotBeEmpty();
        return Outcome.Passed;
    }
}

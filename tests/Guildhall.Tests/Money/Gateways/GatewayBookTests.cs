using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;

namespace Guildhall.Tests.Money.Gateways;

public sealed class GatewayBookTests(GatewayShapesTests.Setup world) : IClassFixture<GatewayShapesTests.Setup>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await Chooses(Choice);
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-21", "O-1")]
    public async Task While_a_gateway_does_not_answer_new_payments_go_to_the_next_that_can_do_it_and_what_exists_stays()
    {
        var bhd = new Amount(25_000, Currency.Of("BHD"));
        var first = await world.Order(bhd);
        (await first.Starts()).Gateway.ShouldBe("in_parts");
        Answers("in_parts", false);
        try
        {
            (await first.TriesToStart()).Refusal!.Code.ShouldBe("payment_in_progress"); // it was asked: nothing but that gateway can end it
            var next = await (await world.Order(bhd)).Starts(node: 1);
            next.Gateway.ShouldBe("stripe");
            (await (await world.Order(new Amount(2_500, Currency.Of("EUR")))).TriesToStart()).Refusal!.Code.ShouldBe("payments_unavailable"); // nothing else is named for it
        }
        finally { Answers("in_parts", true); }
        (await (await world.Order(bhd)).Starts()).Gateway.ShouldBe("in_parts");
        var held = await world.OrderOf([new OrderLine("Works", new Amount(25_000, Currency.Of("TND")))], captureLater: true);
        (await held.Starts()).Gateway.ShouldBe("stripe"); // the first that is named holds no money
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_is_done_in_one_country_goes_to_the_gateway_named_for_it_and_everything_else_as_before()
    {
        var tnd = new OrderLine("Works", new Amount(25_000, Currency.Of("TND")));
        (await (await world.OrderOf([tnd], country: "IN")).Starts()).Gateway.ShouldBe("stripe");
        (await (await world.OrderOf([tnd], country: "TN")).Starts()).Gateway.ShouldBe("redirect_only");
        (await (await world.OrderOf([tnd])).Starts()).Gateway.ShouldBe("redirect_only");
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_may_go_back_in_part_is_paid_where_parts_go_back_or_not_at_all()
    {
        var tnd = new OrderLine("By the minute", new Amount(25_000, Currency.Of("TND")));
        (await (await world.OrderOf([tnd], givesPartsBack: true)).Starts()).Gateway.ShouldBe("stripe"); // the first that is named refunds whole payments only
        await Chooses("TND=redirect_only *=stripe");
        var deal = await world.OrderOf([tnd], givesPartsBack: true);
        (await deal.TriesToStart()).Refusal.ShouldBe(MoneyRefusals.PartsNotPossible);
        (await world.Database.Count("money.payments where order_id = $1", deal.Order.Value)).ShouldBe(0);
        (await (await world.OrderOf([tnd])).Starts()).Gateway.ShouldBe("redirect_only");
        await Chooses(Choice);
    }

    [Theory]
    [InlineData("KWD", "KW", "knet|myfatoorah")]
    [InlineData("KWD", "AE", "myfatoorah")]
    [InlineData("KWD", null, "myfatoorah")]
    [InlineData("USD", "IN", "paytm")]
    [InlineData("USD", "KW", "stripe")]
    [InlineData("USD", null, "stripe")]
    public void The_nearest_pair_decides(string currency, string? country, string names) =>
        string.Join('|', GatewayChoice.Of("*=stripe *@IN=paytm KWD=myfatoorah KWD@KW=knet|myfatoorah", currency, country)!).ShouldBe(names);

    private const string Choice = "EUR=in_parts BHD=in_parts|stripe TND=redirect_only|stripe TND@IN=stripe *=stripe";

    private Task Chooses(string choice) => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', to_jsonb($1::text), 1, now()) on conflict (key) do update set value = excluded.value
        """, choice);

    private void Answers(string gateway, bool answers)
    {
        foreach (var sample in world.Everywhere<GatewayBook>().Select(b => b.Of(gateway)).OfType<SampleGateway>()) sample.Status = new PartyStatus(answers, null, null, null);
    }

    [Theory]
    [InlineData("KWD=knet|myfatoorah *=stripe", true)]
    [InlineData("", true)]
    [InlineData("KWD=knet|", false)]
    [InlineData("KWD=|knet", false)]
    [InlineData("KWD=knet=stripe", false)]
    [InlineData("XYZW=knet", false)]
    [InlineData("KWD@KW=knet *@IN=paytm *=stripe", true)]
    [InlineData("KWD@Kuwait=knet", false)]
    [InlineData("KWD@=knet", false)]
    [InlineData("KWD@KW@AE=knet", false)]
    public void What_cannot_be_read_is_not_taken_as_the_choice(string setting, bool taken) => (GatewayChoice.Objection(setting) is null).ShouldBe(taken);
}

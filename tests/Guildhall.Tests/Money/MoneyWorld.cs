using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Withdrawals;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Guildhall.Tests.Money;

/// <summary>A world whose orders belong to nothing but the test, with a reaction to <see cref="OrderPaid"/> that the test can make fail.</summary>
public class MoneyWorld : World
{
    internal static readonly Currency Kwd = Currency.Of("KWD");
    internal static readonly Currency Usd = Currency.Of("USD");
    internal static readonly Caller Staff = Person("*");

    /// <summary>Every order that was told to be paid, after the commit.</summary>
    internal ConcurrentQueue<OrderId> Paid { get; } = new();

    /// <summary>Runs inside the settling transaction.</summary>
    internal Func<Transaction, OrderPaid, Task>? WhenPaid { get; set; }

    internal ConcurrentQueue<OrderRefunded> Refunded { get; } = new();
    internal ConcurrentQueue<OrderPaymentFailed> Declined { get; } = new();

    /// <summary>The line to the gateway, shared by the nodes.</summary>
    internal Wire Wire { get; private set; } = null!;

    internal GatewayBook Gateways => Get<GatewayBook>();
    internal IGateway Stripe => Gateways.Of("stripe");
    internal Guildhall.Money.Payouts.Rails Rails => Get<Guildhall.Money.Payouts.Rails>();
    internal Books Books => new(Database);

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { StripeApi = (Wire ??= new Wire(settings.StripeApi)).Address };

    /// <summary>The outside world as usual again, before each test.</summary>
    internal async ValueTask StartsAfresh()
    {
        Wire.Before = null;
        WhenPaid = null;
        await Gateway.AnswersAsUsual();
        for (var node = 0; node < NodeCount; node++)
        {
            var stripe = Get<GatewayBook>(node).Of("stripe");
            await Eventually.True(() => Task.FromResult(stripe.Status.Available), "The circuit to the gateway stays open.");
        }
    }

    protected override void Adjust(WebApplicationBuilder builder, int node)
    {
        builder.Services.AddReaction<OrderPaid>(async (tx, fact) =>
        {
            if (WhenPaid is { } react) await react(tx, fact);
            tx.AfterCommit(() => Paid.Enqueue(fact.Order));
        });
        builder.Services.AddReaction<OrderRefunded>((tx, fact) => { tx.AfterCommit(() => Refunded.Enqueue(fact)); return Task.CompletedTask; });
        builder.Services.AddReaction<OrderPaymentFailed>((tx, fact) => { tx.AfterCommit(() => Declined.Enqueue(fact)); return Task.CompletedTask; });
        builder.Services.AddSingleton<IStartupFilter>(new TestSignIn());
    }

    /// <summary>Places an order of one line, payable for half an hour.</summary>
    internal Task<Deal> Order(Amount? total = null, Caller? provider = null) => OrderOf([new OrderLine("A session", total ?? new Amount(25_000, Kwd))], provider);

    internal async Task<Deal> OrderOf(IReadOnlyList<OrderLine> lines, Caller? provider = null, bool captureLater = false, Caller? by = null, string? country = null, bool givesPartsBack = false)
    {
        var (customer, seller) = (by ?? Person(), provider ?? await Provider());
        var order = await Data().InTransaction(tx => PlaceOrder.Run(tx, customer,
            new NewOrder(customer.AccountId!.Value, seller.AccountId!.Value, "test", Guid.NewGuid(), lines, tx.Now.AddMinutes(30), CaptureLater: captureLater, Country: country,
                GivesPartsBack: givesPartsBack)));
        return new Deal(this, customer, seller, order);
    }

    /// <summary>An order that was paid at the page: the money is held and not taken.</summary>
    internal async Task<(Deal Deal, PaymentId Payment)> Held(Amount? total = null)
    {
        var deal = await OrderOf([new OrderLine("A session", total ?? new Amount(25_000, Kwd))], captureLater: true);
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id);
        await deal.Becomes(payment.Id, Guildhall.Money.Payments.PaymentState.Authorized);
        return (deal, payment.Id);
    }

    /// <summary>Somebody who sells, has an address to be written to and a bank account.</summary>
    internal async Task<Caller> Provider()
    {
        var provider = Person();
        await Data().InTransaction(tx => Recipients.Put(tx, provider.AccountId!.Value, $"{provider.AccountId:n}@example.test", "Omar", "en", "Asia/Kuwait"));
        (await SetDestination.Run(Data(), Rails, Get<MasterKey>(), provider, new SetDestination.Body("Omar Provider", "KW81CBKU0000000000001234560101"), default)).OrThrow();
        return provider;
    }

    /// <summary>A provider with this much released to them (the fee is 15 % of the sale).</summary>
    internal async Task<Caller> ProviderWith(Amount sale, int sales = 1)
    {
        var provider = await Provider();
        for (var i = 0; i < sales; i++) await (await Order(sale, provider)).PaidAndReleased();
        return provider;
    }

    /// <summary>Asks for a withdrawal and has it approved.</summary>
    internal async Task<WithdrawalId> Withdraws(Caller provider, long minor)
    {
        var asked = (await RequestWithdrawal.Run(Data(), Rails, provider, new Amount(minor, Kwd), default)).OrThrow();
        (await ApproveWithdrawal.Run(Data(1), Rails, Staff, asked.Id, asked.Revision, default)).OrThrow();
        return asked.Id;
    }

    internal Task<WithdrawalView> Becomes(WithdrawalId id, WithdrawalState state) => Eventually.Get(
        async () => (await ListWithdrawals.One(Data(), Staff, id, default)).OrThrow(), w => w.State == state, $"The withdrawal was expected to become {state}");

    internal static Caller Person(params string[] permissions) => new()
    {
        Kind = CallerKind.Person, AccountId = Guid.CreateVersion7(), SessionId = Guid.CreateVersion7(), Permissions = new HashSet<string>(permissions, StringComparer.Ordinal),
    };

    /// <summary>Requests of this person, over HTTP.</summary>
    internal Visitor As(Caller person) => new SignedIn(this, person);

    /// <summary>Waits for all that follows, then proves the books from scratch.</summary>
    internal async Task SettlesDown()
    {
        await JobsAreDone();
        await Books.MustHold();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Wire is not null) await Wire.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private sealed class SignedIn(World world, Caller person) : Visitor(world)
    {
        protected override (string Name, string Value)? Also => (TestSignIn.Header, $"{person.AccountId} {string.Join(' ', person.Permissions)}");
    }
}

/// <summary>In a <see cref="MoneyWorld"/> a header says who calls.</summary>
internal sealed class TestSignIn : IStartupFilter
{
    public const string Header = "X-Test-Caller";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (http.Request.Headers[Header] is [{ } who] && who.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var id, .. var permissions])
                http.SetCaller(http.Caller() with
                {
                    Kind = CallerKind.Person, AccountId = Guid.Parse(id), SessionId = Guid.Parse(id), Permissions = permissions.ToHashSet(StringComparer.Ordinal),
                    ProvenAt = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
                });
            return rest(http);
        });
        next(app);
    };
}

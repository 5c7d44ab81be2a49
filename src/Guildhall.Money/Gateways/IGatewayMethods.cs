using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Money.Gateways;

/// <summary>The payment methods that a gateway keeps for customers. It keeps the card; we keep its name of it.</summary>
public interface IGatewayMethods
{
    /// <summary>The gateway's name of this account, made when there is none: asked again it is the same.</summary>
    Task<GatewayAnswer<string>> MakeCustomer(Guid account, CancellationToken stop);

    /// <summary>Charges a kept method, deduplicated by our payment id. Refused: nothing was charged by it and nothing ever will.</summary>
    Task<GatewayAnswer<Charge>> Charge(ChargeRequest request, CancellationToken stop);

    /// <summary>Looks a charge up by our payment id; accepted with null when the gateway surely has none.</summary>
    Task<GatewayAnswer<Charge?>> FindCharge(PaymentId payment, string customer, DateTimeOffset since, CancellationToken stop);

    /// <summary>What was kept of a payment that asked for it; accepted with null when it kept nothing.</summary>
    Task<GatewayAnswer<KeptMethod?>> KeptBy(PaymentId payment, string reference, CancellationToken stop);

    /// <summary>A kept method as it is now; accepted with null when the gateway does not keep it any more.</summary>
    Task<GatewayAnswer<KeptMethod?>> Read(string token, CancellationToken stop);

    /// <summary>Lets the gateway forget a method; accepted also when it had.</summary>
    Task<GatewayAnswer<Done>> Forget(SavedMethodId method, string token, CancellationToken stop);
}

/// <summary>A kept method to be charged. <c>OffSession</c>: the customer is not there to be asked anything.</summary>
public sealed record ChargeRequest(PaymentId Payment, OrderId Order, Amount Amount, string Customer, SavedMethodId Method, string Token, bool CaptureLater, bool OffSession);

/// <summary>What became of a charge. <c>Page</c>: where the customer's bank asks, while it is open.</summary>
public sealed record Charge(PaymentFact Fact, string? Page = null);

/// <summary>A method as its gateway tells it: never the number of a card. The fingerprint is the same for the same card.</summary>
public sealed record KeptMethod(string Customer, string Token, string Brand, string Last4, int ExpMonth, int ExpYear, string? Fingerprint);

/// <summary>Something became of a kept method, named by the gateway: for the rest it is asked.</summary>
public sealed record MethodFact(string Token) : GatewayFact;

/// <summary>Of a gateway that keeps nothing, or is not set up: it never answers.</summary>
internal sealed class AbsentMethods : IGatewayMethods
{
    public static readonly AbsentMethods Here = new();

    public Task<GatewayAnswer<string>> MakeCustomer(Guid account, CancellationToken stop) => Nothing<string>();
    public Task<GatewayAnswer<Charge>> Charge(ChargeRequest request, CancellationToken stop) => Nothing<Charge>();
    public Task<GatewayAnswer<Charge?>> FindCharge(PaymentId payment, string customer, DateTimeOffset since, CancellationToken stop) => Nothing<Charge?>();
    public Task<GatewayAnswer<KeptMethod?>> KeptBy(PaymentId payment, string reference, CancellationToken stop) => Nothing<KeptMethod?>();
    public Task<GatewayAnswer<KeptMethod?>> Read(string token, CancellationToken stop) => Nothing<KeptMethod?>();
    public Task<GatewayAnswer<Done>> Forget(SavedMethodId method, string token, CancellationToken stop) => Nothing<Done>();

    private static Task<GatewayAnswer<T>> Nothing<T>() => Task.FromResult<GatewayAnswer<T>>(new GatewayAnswer<T>.Unknown("This gateway keeps no methods."));
}

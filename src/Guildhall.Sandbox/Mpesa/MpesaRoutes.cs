using System.Collections.Concurrent;
using System.Text;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe;
using Guildhall.Sandbox.Stripe.Protocol;
using Timer = Guildhall.Sandbox.State.Timer;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>Daraja: token, prompt, question about a prompt, reversal, payout, question about a transaction. Nothing deduplicates but payouts, as there.</summary>
internal sealed class MpesaRoutes(World world, MpesaAccount account)
{
    private const int TokenSeconds = 3599, PromptSeconds = 60;
    private readonly ConcurrentDictionary<string, DateTimeOffset> tokens = new(StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder app)
    {
        var mpesa = new MpesaRoutes(app.ServiceProvider.GetRequiredService<World>(), app.ServiceProvider.GetRequiredService<MpesaAccount>());
        app.MapGet("/oauth/v1/generate", mpesa.GiveToken);
        app.MapPost("/mpesa/stkpush/v1/processrequest", (HttpRequest request) => mpesa.Answer(request.HttpContext, mpesa.Prompt));
        app.MapPost("/mpesa/stkpushquery/v1/query", (HttpRequest request) => mpesa.Answer(request.HttpContext, mpesa.Query));
        app.MapPost("/mpesa/reversal/v1/request", (HttpRequest request) => mpesa.Answer(request.HttpContext, mpesa.Reverse));
        app.MapPost("/mpesa/b2c/v3/paymentrequest", (HttpRequest request) => mpesa.Answer(request.HttpContext, mpesa.Pay, pays: true));
        app.MapPost("/mpesa/transactionstatus/v1/query", (HttpRequest request) => mpesa.Answer(request.HttpContext, mpesa.Status));
    }

    private IResult GiveToken(HttpRequest request, string? grant_type)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{MpesaAccount.Key}:{MpesaAccount.Secret}"));
        if (request.Headers.Authorization != expected) return new MpesaFault(400, "400.008.01", "Invalid Authentication passed").ToHttp();
        if (grant_type is not "client_credentials") return new MpesaFault(400, "400.008.02", "Invalid grant type passed").ToHttp();
        var token = Ids.New("", 28);
        tokens[token] = world.Read(w => w.Now).AddSeconds(TokenSeconds);
        return Results.Json(new { access_token = token, expires_in = "3599" }, SandboxJson.Wire);
    }

    private async Task<IResult> Answer(HttpContext http, Func<MpesaForm, Task<(Dictionary<string, object> Said, bool Effect)>> handle, bool pays = false)
    {
        try
        {
            if (http.Request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] || !tokens.TryGetValue(token, out var until) || until < world.Read(w => w.Now))
                throw new MpesaFault(404, "404.001.03", "Invalid Access Token");
            if (world.Read(w => w.Faults.DelayMs) is > 0 and var delay) await Task.Delay(delay, http.RequestAborted);
            if (pays && await world.Change(LosePayout.Before))
            {
                await TakeTimeoutFault.HoldAndClose(http);
                return Results.Empty;
            }
            var (said, effect) = await handle(await MpesaForm.Read(http.Request));
            if (!effect || !await world.Change(TakeTimeoutFault.From)) return Results.Json(said);
            await TakeTimeoutFault.HoldAndClose(http);
            return Results.Empty;
        }
        catch (MpesaFault fault)
        {
            return fault.ToHttp();
        }
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Prompt(MpesaForm form)
    {
        CheckPassword(form);
        var goods = form.One("TransactionType", "CustomerPayBillOnline", "CustomerBuyGoodsOnline") is "CustomerBuyGoodsOnline";
        if (form.Digits("PartyB", 5, 7) != MpesaAccount.ShortCode && !goods) throw MpesaFault.Bad("PartyB");
        var (phone, amount, callback) = (form.Phone("PhoneNumber"), form.Amount(), form.Address("CallBackURL"));
        var account = form.Text("AccountReference", 12);
        form.Phone("PartyA");
        form.Text("TransactionDesc", 13);
        return world.Change(w =>
        {
            if (w.MpesaPrompts.NewestFirst("waiting:" + phone).Any())
                throw new MpesaFault(500, "500.001.1001", "[MerchantValidate] - Unable to lock subscriber, a transaction is already in process for the current subscriber");
            var prompt = new MpesaPrompt($"ws_CO_{AnswerPrompt.Stamp(w.Now)}{phone[^9..]}{Ids.New("", 6)}", $"29115-{Ids.New("", 8)}-1", phone, amount, account, callback, w.Now);
            w.MpesaPrompts.Put(prompt);
            w.Agenda.Set(new Timer(TimerKind.LapsePrompt, prompt.Checkout, w.Now.AddSeconds(PromptSeconds).ToUnixTimeMilliseconds()));
            return (new Dictionary<string, object>
            {
                ["MerchantRequestID"] = prompt.Merchant, ["CheckoutRequestID"] = prompt.Checkout, ["ResponseCode"] = "0",
                ["ResponseDescription"] = "Success. Request accepted for processing", ["CustomerMessage"] = "Success. Request accepted for processing",
            }, true);
        });
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Query(MpesaForm form)
    {
        CheckPassword(form);
        var prompt = world.Read(w => w.MpesaPrompts.Find(form.Text("CheckoutRequestID", 100))) ?? throw MpesaFault.Bad("CheckoutRequestID");
        if (prompt.ResultCode is not { } code) throw new MpesaFault(500, "500.001.1001", "The transaction is being processed");
        return Task.FromResult((new Dictionary<string, object>
        {
            ["ResponseCode"] = "0", ["ResponseDescription"] = "The service request has been accepted successsfully", ["MerchantRequestID"] = prompt.Merchant,
            ["CheckoutRequestID"] = prompt.Checkout, ["ResultCode"] = code.ToString(System.Globalization.CultureInfo.InvariantCulture), ["ResultDesc"] = prompt.ResultDesc!,
        }, false));
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Reverse(MpesaForm form)
    {
        form.One("CommandID", "TransactionReversal");
        form.One("RecieverIdentifierType", "11");
        if (form.Digits("ReceiverParty", 5, 7) != MpesaAccount.ShortCode) throw MpesaFault.Bad("ReceiverParty");
        form.Address("QueueTimeOutURL");
        form.Text("Remarks", 100);
        var (may, receipt, amount, result) = (MayAsk(form), form.Text("TransactionID", 40), form.Amount(), form.Address("ResultURL"));
        return Accept(effect: true, (w, conversation, originator) => MoveBack.Reverse(w, conversation, originator, receipt, amount, may, result));
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Status(MpesaForm form)
    {
        form.One("CommandID", "TransactionStatusQuery");
        form.One("IdentifierType", "1", "2", "4");
        if (form.Digits("PartyA", 5, 7) is not (MpesaAccount.ShortCode or MpesaAccount.PayoutShortCode)) throw MpesaFault.Bad("PartyA");
        form.Address("QueueTimeOutURL");
        var (may, result) = (MayAsk(form), form.Address("ResultURL"));
        if (form.Has("OriginatorConversationID"))
        {
            var about = form.Text("OriginatorConversationID", 100);
            return Accept(effect: false, (w, conversation, originator) => PayOut.Status(w, conversation, originator, w.MpesaPayouts.Find(about), may, result));
        }
        var receipt = form.Text("TransactionID", 40);
        return Accept(effect: false, (w, conversation, originator) => MoveBack.Status(w, conversation, originator, receipt, may, result));
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Pay(MpesaForm form)
    {
        form.One("CommandID", "BusinessPayment", "SalaryPayment", "PromotionPayment");
        if (form.Digits("PartyA", 5, 7) != MpesaAccount.PayoutShortCode) throw MpesaFault.Bad("PartyA");
        form.Address("QueueTimeOutURL");
        form.Text("Remarks", 100);
        var (may, originator) = (MayAsk(form, "InitiatorName"), form.Text("OriginatorConversationID", 100));
        var asked = new MpesaPayout(originator, "AG_" + Ids.New("", 24), form.Phone("PartyB"), form.Amount(), form.Address("ResultURL"), world.Read(w => w.Now));
        return world.Change(w =>
        {
            if (w.MpesaPayouts.Find(originator) is not null) throw new MpesaFault(500, "500.002.1001", "Duplicate OriginatorConversationID.");
            PayOut.Run(w, asked, may);
            return (new Dictionary<string, object>
            {
                ["OriginatorConversationID"] = originator, ["ConversationID"] = asked.Conversation, ["ResponseCode"] = "0", ["ResponseDescription"] = "Accept the service request successfully.",
            }, true);
        });
    }

    private Task<(Dictionary<string, object> Said, bool Effect)> Accept(bool effect, Action<World, string, string> act) => world.Change(w =>
    {
        var (conversation, originator) = ("AG_" + Ids.New("", 24), Ids.New("", 20));
        act(w, conversation, originator);
        return (new Dictionary<string, object>
        {
            ["OriginatorConversationID"] = originator, ["ConversationID"] = conversation, ["ResponseCode"] = "0", ["ResponseDescription"] = "Accept the service request successfully.",
        }, effect);
    });

    private bool MayAsk(MpesaForm form, string name = "Initiator") => form.Text("SecurityCredential", 400) is { Length: >= 300 } credential ? account.IsInitiator(form.Text(name, 60), credential) : throw MpesaFault.Bad("SecurityCredential");

    private static void CheckPassword(MpesaForm form)
    {
        if (form.Digits("BusinessShortCode", 5, 7) != MpesaAccount.ShortCode) throw MpesaFault.Bad("BusinessShortCode");
        if (!MpesaAccount.IsPassword(form.Text("Password", 500), form.Digits("Timestamp", 14, 14))) throw new MpesaFault(500, "500.001.1001", "Wrong credentials");
    }
}

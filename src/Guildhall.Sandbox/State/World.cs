using System.Text.Json;
using Guildhall.Sandbox.Calendars;
using Guildhall.Sandbox.Firebase;
using Guildhall.Sandbox.Knet;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.Mpesa;
using Guildhall.Sandbox.Paytm;
using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.MyFatoorah;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;
using Guildhall.Sandbox.Twilio;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.State;

/// <summary>
/// Everything the sandbox remembers. All reads and changes run one at a time under one lock and touch memory only;
/// <see cref="Change{T}"/> comes back when the change is in the journal, written whole.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private const long CompactAtBytes = 256L * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly ChangeLog log = new();
    private readonly JournalFiles files;
    private readonly Dictionary<string, ITable> tables;
    private readonly List<Delivery> announced = [];
    private readonly List<OutMessage> said = [];
    private Journal journal;
    private Task compaction = Task.CompletedTask;

    private World(string folder, int kept)
    {
        files = new JournalFiles(folder);
        Clocks = new("clock", log, 1, _ => ClockState.Id);
        FaultSettings = new("faults", log, 1, _ => State.Faults.Id);
        Timers = new("timers", log, 2 * kept, timer => timer.Id);
        Sessions = new("checkout_sessions", log, kept, s => s.Id) { Keys = s => Key("payment_intent", s.PaymentIntent) };
        Intents = new("payment_intents", log, kept, i => i.Id) { Keys = i => [.. i.Metadata.Select(m => $"metadata:{m.Key}={m.Value}"), .. Key("customer", i.Customer)] };
        Customers = new("customers", log, kept, c => c.Id);
        Methods = new("payment_methods", log, kept, m => m.Id) { Keys = m => Key("customer", m.Customer) };
        Charges = new("charges", log, kept, c => c.Id);
        Refunds = new("refunds", log, kept, r => r.Id) { Keys = r => [$"payment_intent:{r.PaymentIntent}", $"charge:{r.Charge}"] };
        Transfers = new("transfers", log, kept, t => t.Id)
        {
            Keys = t => [.. Key("transfer_group", t.TransferGroup), $"destination:{t.Destination}"],
        };
        Payouts = new("payouts", log, kept, p => p.Id) { Keys = p => [$"account:{p.Account}"] };
        Accounts = new("accounts", log, kept, a => a.Id);
        Disputes = new("disputes", log, kept, d => d.Id) { Keys = d => [$"charge:{d.Charge}", $"payment_intent:{d.PaymentIntent}"] };
        Balances = new("balances", log, 2 * kept, b => b.Id) { Keys = b => [$"account:{b.Account}"] };
        Events = new("events", log, kept, e => e.Id) { Weight = e => 2 * e.Body.Length, MaxWeight = 128L * 1024 * 1024 };
        Deliveries = new("deliveries", log, kept, d => d.Event);
        Answers = new("answers", log, kept, a => a.Key) { Weight = a => 2 * a.Body.Length, MaxWeight = 128L * 1024 * 1024 };
        Mail = new("mail", log, 10_000, m => m.Id)
        {
            Keys = m => m.Recipients.Select(StoredMail.KeyOf),
            Weight = m => 2 * (m.Text.Length + (m.Html?.Length ?? 0)),
            MaxWeight = 64L * 1024 * 1024,
        };
        Texts = new("texts", log, 10_000, t => t.Sid) { Keys = t => [TextMessage.KeyOf(t.To)] };
        Pushes = new("pushes", log, 10_000, p => p.Id) { Keys = p => [PushMessage.KeyOf(p.Token)] };
        MpesaPrompts = new("mpesa_prompts", log, kept, p => p.Checkout)
        {
            Keys = p => [.. Key("receipt", p.Receipt), .. p.ResultCode is null ? Key("waiting", p.Phone) : []],
        };
        MpesaPayouts = new("mpesa_payouts", log, kept, p => p.Originator);
        MpesaReversals = new("mpesa_reversals", log, kept, r => r.Conversation);
        PaytmOrders = new("paytm_orders", log, kept, o => o.Id) { Keys = o => Key("token", o.Token) };
        PaytmRefunds = new("paytm_refunds", log, kept, r => r.RefId);
        PayPalPayouts = new("paypal_payouts", log, kept, p => p.Batch) { Keys = p => [PayPalPayout.KeyOf(p.SenderBatch), "item:" + p.Item] };
        PayPalOrders = new("paypal_orders", log, kept, o => o.Id) { Keys = o => o.Captures.Concat(o.Authorizations).Concat(o.Refunds).Select(p => $"{p.Kind}:{p.Id}") };
        KnetPayments = new("knet_payments", log, kept, p => p.PaymentId) { Keys = p => [$"track:{p.TrackId}", $"tran:{p.TranId}", $"ref:{p.Ref}"] };
        MyFatoorahInvoices = new("myfatoorah_invoices", log, kept, i => i.InvoiceId)
        {
            Keys = i => [$"payment:{i.PaymentId}", .. i.Tries.Select(t => $"payment:{t.PaymentId}"), .. Key("reference", i.CustomerReference)],
        };
        MyFatoorahRefunds = new("myfatoorah_refunds", log, kept, r => r.RefundId) { Keys = r => [$"invoice:{r.InvoiceId}", $"reference:{r.RefundReference}"] };
        PartyEvents = new("party_events", log, kept, e => e.Id) { Weight = e => 2 * e.Body.Length, MaxWeight = 64L * 1024 * 1024 };
        KnetRefunds = new("knet_refunds", log, kept, r => r.TranId);
        Calendars = new("calendars", log, 1_000, c => c.Name);
        Agenda = new Agenda(Timers);
        ITable[] all =
        [
            Clocks, FaultSettings, Timers, Sessions, Intents, Customers, Methods, Charges, Refunds, Transfers, Payouts, Accounts, Disputes, Balances, Events, Deliveries,
            Answers, Mail, Texts, Pushes, MpesaPrompts, MpesaReversals, MpesaPayouts, PayPalOrders, PayPalPayouts, PaytmOrders, PaytmRefunds,
            KnetPayments, KnetRefunds, MyFatoorahInvoices, MyFatoorahRefunds, PartyEvents, Calendars,
        ];
        tables = all.ToDictionary(table => table.Name, StringComparer.Ordinal);
        journal = null!;
    }

    public Table<ClockState> Clocks { get; }
    public Table<Faults> FaultSettings { get; }
    public Table<Timer> Timers { get; }
    public Table<CheckoutSession> Sessions { get; }
    public Table<PaymentIntent> Intents { get; }
    public Table<Customer> Customers { get; }
    public Table<PaymentMethod> Methods { get; }
    public Table<Charge> Charges { get; }
    public Table<Refund> Refunds { get; }
    public Table<Transfer> Transfers { get; }
    public Table<Payout> Payouts { get; }
    public Table<Account> Accounts { get; }
    public Table<Dispute> Disputes { get; }
    public Table<Balance> Balances { get; }
    public Table<Event> Events { get; }
    public Table<Delivery> Deliveries { get; }
    public Table<StoredAnswer> Answers { get; }
    public Table<StoredMail> Mail { get; }
    public Table<TextMessage> Texts { get; }
    public Table<PushMessage> Pushes { get; }
    public Table<MpesaPrompt> MpesaPrompts { get; }
    public Table<MpesaPayout> MpesaPayouts { get; }
    public Table<MpesaReversal> MpesaReversals { get; }
    public Table<PaytmOrder> PaytmOrders { get; }
    public Table<PaytmRefund> PaytmRefunds { get; }
    public Table<PayPalPayout> PayPalPayouts { get; }
    public Table<PayPalOrder> PayPalOrders { get; }
    public Table<KnetPayment> KnetPayments { get; }
    public Table<KnetRefund> KnetRefunds { get; }
    public Table<MyFatoorahInvoice> MyFatoorahInvoices { get; }
    public Table<MyFatoorahRefund> MyFatoorahRefunds { get; }

    /// <summary>Events of other parties than Stripe, as they are delivered.</summary>
    public Table<PartyEvent> PartyEvents { get; }
    public Table<StoredCalendar> Calendars { get; }
    public Agenda Agenda { get; }

    public ClockState Clock => Clocks.Find(ClockState.Id) ?? new ClockState(0);
    public DateTimeOffset Now => Clock.Now;
    public long UnixNow => Now.ToUnixTimeSeconds();
    public Faults Faults => FaultSettings.Find(State.Faults.Id) ?? new Faults();
    public Chance Chance { get; private set; } = new(1);

    /// <summary>Called with new deliveries once the change that made them is in the journal.</summary>
    public Action<Delivery[]> Deliver { get; set; } = _ => { };

    /// <summary>Called with messages that are told once, when the change that made them is in the journal.</summary>
    public Action<OutMessage[]> Tell { get; set; } = _ => { };

    /// <exception cref="IOException">The folder belongs to another sandbox or cannot be written.</exception>
    public static World Open(string folder, int kept)
    {
        var world = new World(folder, kept);
        world.files.Own();
        world.files.Read(world.Apply);
        world.Agenda.Rebuild();
        world.Reseed();
        world.Compact();
        return world;
    }

    public T Read<T>(Func<World, T> look)
    {
        lock (gate) return look(this);
    }

    public async Task<T> Change<T>(Func<World, T> change)
    {
        T result;
        Task written;
        Delivery[] deliveries;
        OutMessage[] messages;
        lock (gate)
        {
            try
            {
                result = change(this);
            }
            finally
            {
                written = log.IsEmpty ? Task.CompletedTask : journal.Append(log.Take());
                deliveries = [.. announced];
                announced.Clear();
                messages = [.. said];
                said.Clear();
                if (journal.Bytes > CompactAtBytes && compaction.IsCompleted) Compact();
            }
        }

        await written;
        if (deliveries.Length > 0) Deliver(deliveries);
        if (messages.Length > 0) Tell(messages);
        return result;
    }

    public void Announce(Delivery delivery)
    {
        Deliveries.Put(delivery);
        announced.Add(delivery);
    }

    public void Say(OutMessage message) => said.Add(message);

    public void Reseed() => Chance = new Chance(Faults.Seed);

    public void Forget()
    {
        var clock = Clock;
        foreach (var table in tables.Values) table.Clear();
        Agenda.Rebuild();
        log.Clear();
        Clocks.Put(clock);
        Reseed();
    }

    public async ValueTask DisposeAsync()
    {
        await compaction;
        await journal.DisposeAsync();
        files.Dispose();
    }

    private static IEnumerable<string> Key(string name, string? value) => value is null ? [] : [$"{name}:{value}"];

    private void Apply(JsonElement line)
    {
        foreach (var change in line.EnumerateArray())
        {
            if (change[0].ValueEquals("clear"))
            {
                foreach (var each in tables.Values) each.Clear();
                continue;
            }

            if (!tables.TryGetValue(change[1].GetString()!, out var table)) continue;
            if (change[0].ValueEquals("put")) table.Load(change[2]);
            else table.Forget(change[2].GetString()!);
        }
    }

    private void Compact()
    {
        (string, object)[] rows = [.. tables.Values.SelectMany(table => table.OldestFirst.Select(item => (table.Name, item)))];
        var old = journal;
        journal = new Journal(files.StartNext());
        compaction = Task.Run(async () =>
        {
            if (old is not null) await old.DisposeAsync();
            await files.WriteSnapshot(rows);
        });
    }
}

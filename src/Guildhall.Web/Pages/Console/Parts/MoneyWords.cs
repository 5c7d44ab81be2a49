using Guildhall.Foundation.Data;
using Guildhall.Foundation;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Fees;
using Guildhall.Money.Payments;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>Money in the words of the staff.</summary>
internal static class MoneyWords
{
    private static readonly StateLook WaitingForCustomer = new(new("Waiting for the customer", "بانتظار العميل"), "clock", Tone.Warn);

    /// <summary>A payment's look: what became of it, and of its refunds.</summary>
    public static StateLook Look(PaymentView payment) => payment switch
    {
        { State: PaymentState.Captured } when payment.Refunded == payment.Captured => States.Of("payment", "refunded"),
        { State: PaymentState.Captured, Refunded.IsPositive: true } => States.Of("payment", "partially_refunded"),
        _ => Look(payment.State),
    };

    public static StateLook Look(PaymentState state) => state == PaymentState.RequiresAction ? WaitingForCustomer : States.Of("payment", Names.Of(state));

    /// <summary>The state, why, and the next step, to staff.</summary>
    public static Phrase Says(PaymentView payment) => payment.State switch
    {
        PaymentState.Created => new("The payment page is being prepared at the gateway.", "تُحضَّر صفحة الدفع لدى البوابة."),
        PaymentState.RequiresAction when payment.RedirectUrl is null => new("The customer was asked on the phone. Nothing is charged until the gateway answers.",
            "سُئل العميل على هاتفه. لا يُحصَّل شيء حتى تجيب البوابة."),
        PaymentState.RequiresAction => new("The customer is at the gateway's page. Nothing is charged until it answers.", "العميل في صفحة البوابة. لا يُحصَّل شيء حتى تجيب."),
        PaymentState.Authorized => new("The amount is reserved on the card, not yet charged.", "المبلغ محجوز على البطاقة ولم يُحصَّل بعد."),
        PaymentState.Capturing => new("The gateway was asked to charge the amount.", "طُلب من البوابة تحصيل المبلغ."),
        PaymentState.Captured when payment.Refunded == payment.Captured => new("Charged; all of it was given back or is on its way. Each refund below says how far it is.",
            "حُصّلت؛ وأُعيدت كلها أو هي في طريقها. حالة كل استرداد مذكورة أدناه."),
        PaymentState.Captured when payment.Refunded.IsPositive => new($"Charged; {payment.Refunded.Words()} of it was given back or is on its way. Each refund below says how far it is.",
            $"حُصّلت؛ وأُعيد منها أو في طريقه {Ltr(payment.Refunded)}. حالة كل استرداد مذكورة أدناه."),
        PaymentState.Captured when payment.Captured < payment.Amount => new($"{payment.Captured.Words()} of {payment.Amount.Words()} was charged and is in the books.",
            $"حُصّل {Ltr(payment.Captured)} من {Ltr(payment.Amount)} وهو مقيّد في الدفاتر."),
        PaymentState.Captured => new("Charged and in the books.", "حُصّلت وقُيّدت في الدفاتر."),
        PaymentState.Failed => new($"Refused: {payment.FailureText ?? payment.FailureCode ?? "the gateway gave no reason."} Nothing was charged.",
            $"رُفضت: {payment.FailureText ?? payment.FailureCode ?? "دون سبب من البوابة."} لم يُحصَّل شيء."),
        PaymentState.Cancelled => new("Cancelled before anything was charged.", "أُلغيت قبل تحصيل أي شيء."),
        PaymentState.Expired => new("The customer did not pay in time. Nothing was charged.", "لم يدفع العميل في الوقت. لم يُحصَّل شيء."),
        PaymentState.Unknown => new("The gateway has not answered. We keep asking by our own reference; the customer is not charged twice.",
            "لم تجب البوابة. نواصل السؤال بمرجعنا ولن يُحصَّل من العميل مرتين."),
    };

    /// <summary>A fee rule in a line: the percentage, the fixed part, the bounds, the tax on it.</summary>
    public static string Fee(FeeRule rule, Currency? currency)
    {
        string Figure(long minor) => currency is { } known ? new Amount(minor, known).Words() : "";
        var parts = new List<string> { Percent(rule.BasisPoints) };
        if (rule.FixedMinor > 0) parts.Add($"plus {Figure(rule.FixedMinor)}");
        if (rule.MinimumMinor > 0) parts.Add($"at least {Figure(rule.MinimumMinor)}");
        if (rule.MaximumMinor is { } most) parts.Add($"at most {Figure(most)}");
        if (rule.TaxBasisPoints > 0) parts.Add($"and {Percent(rule.TaxBasisPoints)} tax on it");
        return string.Join(", ", parts);
    }

    private static string Ltr(Amount amount) => $"\u2066{amount.Words()}\u2069";

    public static string Percent(int basisPoints) => $"{basisPoints / 100}.{basisPoints % 100:00}".TrimEnd('0').TrimEnd('.') + " %";

    public static Phrase Account(string kind) => kind switch
    {
        "gateway_clearing" => new("At the gateway", "لدى البوابة"),
        "escrow" => new("Escrow", "الضمان"),
        "unapplied" => new("Paid twice, to go back", "دُفع مرتين وسيعود"),
        "provider_available" => new("Provider, available", "مقدّم الخدمة، متاح"),
        "provider_reserved" => new("Provider, reserved", "مقدّم الخدمة، محجوز"),
        "provider_disputed" => new("Provider, set aside for disputes", "مقدّم الخدمة، مجنّب للاعتراضات"),
        "provider_rolling" => new("Provider, kept in reserve", "مقدّم الخدمة، احتياطي"),
        "disputed_funds" => new("Taken by the gateway for disputes", "ما سحبته البوابة للاعتراضات"),
        "dispute_losses" => new("Lost to disputes by the platform", "خسائر المنصة بالاعتراضات"),
        "dispute_fees" => new("Dispute fees", "رسوم الاعتراضات"),
        "write_offs" => new("Debts given up", "ديون متنازل عنها"),
        "platform_fee" => new("Platform fee", "رسوم المنصة"),
        "fx_position" => new("Exchange", "الصرف"),
        "refunds_in_transit" => new("Refunds on their way", "مبالغ مستردة في الطريق"),
        "payouts_in_transit" => new("Payouts on their way", "تحويلات في الطريق"),
        "bank" => new("Bank", "البنك"),
        "cash" => new("Cash", "النقد"),
        "fee_tax" => new("Tax on the fee", "ضريبة الرسوم"),
        "gateway_fees" => new("Gateway fees", "رسوم البوابات"),
        "suspense" => new("Suspense", "معلّق بلا توضيح"),
        "payout_fee" => new("Payout fees", "رسوم السحب"),
        "fee_variance" => new("Fee variance", "فروق الرسوم"),
        "rounding" => new("Rounding", "التقريب"),
        "platform_sales" => new("Platform sales", "مبيعات المنصة"),
        _ => new(JsonWords.Say(kind), JsonWords.Say(kind)),
    };

    public static Phrase Journal(string kind) => kind switch
    {
        "capture" => new("Customer paid", "دفع العميل"),
        "release" => new("Released from escrow", "حُرّر من الضمان"),
        "refund" => new("Refund taken from escrow", "استرداد من الضمان"),
        "refund_after_release" => new("Refund taken back from provider and fee", "استرداد من مقدّم الخدمة والرسوم"),
        "refund_unapplied" => new("Second payment sent back", "أُعيدت الدفعة الثانية"),
        "quarantine_received" => new("Money that was set aside", "مال وُضع جانبًا"),
        "send_back" => new("Set aside money sent back", "أُعيد المال الموضوع جانبًا"),
        "send_back_completed" => new("Set aside money reached the customer", "وصل المال المُعاد إلى العميل"),
        "send_back_failed" => new("Sending back failed, in suspense", "تعذّرت الإعادة وبقي المال معلّقًا"),
        "refund_completed" => new("Refund reached the customer", "وصل الاسترداد إلى العميل"),
        "refund_failed" => new("Refund failed, money put back", "فشل الاسترداد وأُعيد المال"),
        "withdrawal_requested" => new("Withdrawal asked for", "طلب سحب"),
        "withdrawal_given_back" => new("Withdrawal not paid, put back", "سحب لم يُدفع وأُعيد"),
        "dispute_opened" => new("Share set aside for a dispute", "جُنّبت حصة لاعتراض"),
        "dispute_freed" => new("Share given back after a dispute", "أُعيدت الحصة بعد اعتراض"),
        "dispute_lost" => new("Dispute lost", "خُسر الاعتراض"),
        "dispute_loss_undone" => new("Loss of a dispute undone", "أُلغيت خسارة الاعتراض"),
        "dispute_withdrawn" => new("Gateway took the disputed amount", "سحبت البوابة المبلغ المعترض عليه"),
        "dispute_reinstated" => new("Gateway gave the disputed amount back", "أعادت البوابة المبلغ المعترض عليه"),
        "dispute_fee" => new("Gateway's dispute fee", "رسوم الاعتراض لدى البوابة"),
        "dispute_fee_returned" => new("Dispute fee given back by the gateway", "أعادت البوابة رسوم الاعتراض"),
        "dispute_fee_charged" => new("Dispute fee charged to the provider", "حُمّلت رسوم الاعتراض لمقدّم الخدمة"),
        "dispute_fee_back" => new("Dispute fee given back to the provider", "أُعيدت رسوم الاعتراض لمقدّم الخدمة"),
        "reserve_released" => new("Reserve released on its day", "حُرّر الاحتياطي في يومه"),
        "write_off" => new("Debt given up", "تنازل عن دين"),
        "payout_sent" => new("Payout sent", "أُرسل التحويل"),
        "payout_completed" => new("Payout reached the bank", "وصل التحويل إلى البنك"),
        "payout_failed" => new("Payout failed, put back", "فشل التحويل وأُعيد"),
        "payout_returned" => new("Payout returned, put back", "أُعيد التحويل"),
        "conversion" => new("Changed into another currency", "صُرف إلى عملة أخرى"),
        "gateway_settled" => new("Sent to our bank by the gateway", "حوّلته البوابة إلى بنكنا"),
        "gateway_settled_back" => new("Taken back from our bank", "استُرد من بنكنا"),
        "gateway_fee" => new("Gateway's fee", "رسوم البوابة"),
        _ => new(JsonWords.Say(kind), JsonWords.Say(kind)),
    };

    /// <summary>Who, in a payment's events: a person's id, a gateway, or a part of the product.</summary>
    public static Phrase Actor(string actor, IReadOnlyDictionary<Guid, AccountSummary> people) => actor switch
    {
        _ when Guid.TryParse(actor, out var person) => new(PersonName.Of(people, person), PersonName.Of(people, person)),
        _ when GatewayNames.Find(actor) is { } gateway => new(gateway, gateway),
        "payment_check" => new("Guildhall, asking the gateway", "غيلدهول، بسؤال البوابة"),
        "anonymous" => new("Somebody not signed in", "شخص لم يسجل الدخول"),
        _ => new("Guildhall, " + actor.Replace('_', ' '), "غيلدهول، " + actor.Replace('_', ' ')),
    };

    /// <summary>One event of a payment.</summary>
    public static TimelineEntry Entry(ReadTimeline.Event happened, IReadOnlyDictionary<Guid, AccountSummary> people, string language)
    {
        (Phrase what, string icon, Tone tone) = happened.Kind switch
        {
            "started" => (new("Payment started", "بدأت الدفعة"), "plus", Tone.Neutral),
            "page_opened" => (new("Payment page opened at the gateway", "فُتحت صفحة الدفع لدى البوابة"), "arrow", Tone.Accent),
            "answer_lost" => (new("The gateway's answer was lost", "ضاع جواب البوابة"), "question", Tone.Warn),
            "refused_by_gateway" => (new("Refused by the gateway", "رفضتها البوابة"), "alert", Tone.Bad),
            "declined" => (new("Card declined, the page stays open", "رُفضت البطاقة والصفحة ما زالت مفتوحة"), "alert", Tone.Warn),
            "customer_asked" => (new("Customer asked on the phone", "سُئل العميل على هاتفه"), "arrow", Tone.Accent),
            "capture_asked" => (new("Capture asked for", "طُلب التحصيل"), "arrow", Tone.Accent),
            "capture_refused" => (new("Capture refused by the gateway, still held", "رفضت البوابة التحصيل والمبلغ ما زال محجوزًا"), "alert", Tone.Warn),
            "quarantine_sent_back" => (new("Decided: the money goes back", "القرار: يعود المال"), "undo", Tone.Accent),
            "quarantine_accepted" => (new("Decided: booked as it is", "القرار: يُقيَّد كما هو"), "check", Tone.Accent),
            "quarantine_explained" => (new("Decided: explained", "القرار: وُضّح"), "check", Tone.Neutral),
            "send_back_completed" => (new("Set aside money went back", "عاد المال الموضوع جانبًا"), "check", Tone.Good),
            "send_back_failed" => (new("Set aside money could not go back", "تعذّرت إعادة المال الموضوع جانبًا"), "alert", Tone.Bad),
            "authorized" => (new("Amount reserved on the card", "حُجز المبلغ على البطاقة"), "lock", Tone.Accent),
            "method_kept" => (new("Card kept for next time, as the customer asked", "حُفظت البطاقة للمرة القادمة كما طلب العميل"), "card", Tone.Accent),
            "method_not_kept" => (new("The gateway did not keep the card", "لم تحفظ البوابة البطاقة"), "question", Tone.Neutral),
            "captured" => (new("Charged", "حُصّلت"), "check", Tone.Good),
            "failed" => (new("Failed", "فشلت"), "alert", Tone.Bad),
            "cancel_asked" => (new("Cancelling was asked for", "طُلب الإلغاء"), "x", Tone.Neutral),
            "cancelled" => (new("Cancelled", "أُلغيت"), "x", Tone.Neutral),
            "expired" => (new("Expired unpaid", "انتهت دون دفع"), "clock", Tone.Neutral),
            "refund_requested" => (new("Refund asked for", "طُلب استرداد"), "undo", Tone.Accent),
            "refund_completed" => (new("Refund reached the customer", "وصل الاسترداد إلى العميل"), "check", Tone.Good),
            "refund_failed" => (new("Refund failed", "فشل الاسترداد"), "alert", Tone.Bad),
            "dispute_needs_response" => (new("Disputed by the customer's bank", "اعترض بنك العميل"), "alert", Tone.Bad),
            "dispute_warning_needs_response" => (new("The customer's bank asks", "بنك العميل يسأل"), "question", Tone.Warn),
            "dispute_under_review" => (new("The bank looks at our answer", "البنك ينظر في ردنا"), "clock", Tone.Accent),
            "dispute_answered" => (new("Answer written", "كُتب الرد"), "arrow", Tone.Accent),
            "dispute_won" => (new("Dispute won", "كُسب الاعتراض"), "check", Tone.Good),
            "dispute_lost" => (new("Dispute lost", "خُسر الاعتراض"), "x", Tone.Bad),
            "dispute_accepted" => (new("Dispute given up", "تنازلنا عن الاعتراض"), "x", Tone.Neutral),
            "dispute_funds_withdrawn" => (new("Gateway took the disputed amount", "سحبت البوابة المبلغ المعترض عليه"), "alert", Tone.Warn),
            "dispute_funds_reinstated" => (new("Gateway gave the disputed amount back", "أعادت البوابة المبلغ المعترض عليه"), "undo", Tone.Good),
            "quarantined" => (new("Set aside: what the gateway says does not match", "وُضع جانبًا: ما تقوله البوابة لا يطابق"), "alert", Tone.Bad),
            _ => (new Phrase(JsonWords.Say(happened.Kind), JsonWords.Say(happened.Kind)), "dot", Tone.Neutral),
        };
        return new(happened.At, what.In(language), Actor(happened.Actor, people).In(language), JsonWords.Line(happened.Facts), icon, tone);
    }
}

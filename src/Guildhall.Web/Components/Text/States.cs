namespace Guildhall.Web.Components.Text;

/// <summary>How a state is shown: a word, an icon and a tone, never a colour alone.</summary>
public sealed record StateLook(Phrase Word, string Icon, Tone Tone);

/// <summary>The looks of the states of the product, by the name the database and the API use.</summary>
public static class States
{
    private static readonly StateLook InProgress = new(new("In progress", "قيد التنفيذ"), "clock", Tone.Accent);
    private static readonly StateLook Completed = new(new("Completed", "مكتمل"), "check", Tone.Good);
    private static readonly StateLook Cancelled = new(new("Cancelled", "ملغى"), "x", Tone.Neutral);
    private static readonly StateLook Failed = new(new("Failed", "فشل"), "alert", Tone.Bad);
    private static readonly StateLook Expired = new(new("Expired", "منتهي"), "clock", Tone.Neutral);
    private static readonly StateLook Pending = new(new("Pending", "قيد الانتظار"), "clock", Tone.Accent);
    private static readonly StateLook Unknown = new(new("Waiting for the bank", "بانتظار البنك"), "question", Tone.Warn);

    private static readonly Dictionary<string, StateLook> Looks = new(StringComparer.Ordinal)
    {
        ["payment/created"] = new(new("Started", "بدأت"), "clock", Tone.Neutral),
        ["payment/requires_action"] = new(new("Waiting for you", "بانتظارك"), "clock", Tone.Warn),
        ["payment/authorized"] = new(new("Authorized", "مصرّح بها"), "lock", Tone.Accent),
        ["payment/capturing"] = new(new("Capturing", "قيد التحصيل"), "refresh", Tone.Accent),
        ["payment/captured"] = new(new("Paid", "مدفوعة"), "check", Tone.Good),
        ["payment/refunded"] = new(new("Refunded", "مستردة"), "undo", Tone.Neutral),
        ["payment/partially_refunded"] = new(new("Partly refunded", "مستردة جزئيًا"), "undo", Tone.Neutral),
        ["payment/disputed"] = new(new("Disputed", "متنازع عليها"), "alert", Tone.Bad),
        ["booking/held"] = new(new("Held for you", "محجوز لك مؤقتًا"), "clock", Tone.Warn),
        ["booking/confirmed"] = new(new("Confirmed", "مؤكد"), "check", Tone.Good),
        ["booking/in_progress"] = InProgress,
        ["booking/no_show"] = new(new("No-show", "لم يحضر"), "alert", Tone.Bad),
        ["booking/refunded"] = new(new("Refunded", "مسترد"), "undo", Tone.Neutral),
        ["reminder/planned"] = new(new("Planned", "مخطط"), "clock", Tone.Accent),
        ["reminder/sent"] = new(new("Sent", "أُرسل"), "check", Tone.Good),
        ["reminder/skipped"] = new(new("Not sent", "لم يُرسل"), "x", Tone.Neutral),
        ["mask_appeal/open"] = new(new("Waits for a decision", "بانتظار قرار"), "question", Tone.Warn),
        ["mask_appeal/granted"] = new(new("Shown as written", "يظهر كما كُتب"), "check", Tone.Good),
        ["mask_appeal/refused"] = new(new("Stays hidden", "يبقى مخفيًا"), "lock", Tone.Neutral),
        ["talk_report/open"] = new(new("Waits for a decision", "بانتظار قرار"), "question", Tone.Warn),
        ["talk_report/decided"] = new(new("Decided", "تقرر"), "check", Tone.Neutral),
        ["absence/reported"] = new(new("Waits for an answer", "بانتظار جواب"), "clock", Tone.Accent),
        ["absence/contested"] = new(new("Waits for a decision", "بانتظار قرار"), "question", Tone.Warn),
        ["absence/settled"] = new(new("Settled", "تمت التسوية"), "check", Tone.Good),
        ["absence/dropped"] = new(new("Taken back", "سُحب"), "undo", Tone.Neutral),
        ["visit/planned"] = new(new("Planned", "مخطط"), "calendar", Tone.Neutral),
        ["visit/on_my_way"] = new(new("On the way", "في الطريق"), "clock", Tone.Accent),
        ["visit/arrived"] = new(new("Arrived", "وصل"), "pin", Tone.Accent),
        ["visit/done"] = Completed,
        ["visit/ended"] = Cancelled,
        ["review/shown"] = new(new("Shown", "معروض"), "check", Tone.Good),
        ["review/words"] = new(new("Words hidden", "نص مخفي"), "eye", Tone.Warn),
        ["review/not_genuine"] = new(new("Hidden", "مخفي"), "x", Tone.Bad),
        ["withdrawal/pending"] = new(new("Waiting for approval", "بانتظار الموافقة"), "clock", Tone.Warn),
        ["withdrawal/approved"] = new(new("Approved", "تمت الموافقة"), "check", Tone.Accent),
        ["withdrawal/rejected"] = new(new("Rejected", "مرفوض"), "x", Tone.Bad),
        ["withdrawal/processing"] = new(new("On its way", "قيد التحويل"), "bank", Tone.Accent),
        ["withdrawal/returned"] = new(new("Returned by the bank", "أعاده البنك"), "undo", Tone.Bad),
        ["quarantine/open"] = new(new("Waits for a decision", "بانتظار قرار"), "alert", Tone.Bad),
        ["quarantine/send_back_failed"] = new(new("Could not go back", "تعذرت الإعادة"), "alert", Tone.Bad),
        ["quarantine/sent_back"] = new(new("Sent back", "أُعيد"), "undo", Tone.Neutral),
        ["quarantine/accepted"] = new(new("Booked as it is", "قُيِّد كما هو"), "check", Tone.Good),
        ["quarantine/explained"] = new(new("Explained", "موضَّح"), "check", Tone.Neutral),
        ["webhook/received"] = new(new("Not yet read", "لم تُقرأ بعد"), "clock", Tone.Warn),
        ["webhook/done"] = new(new("Dealt with", "عولجت"), "check", Tone.Good),
        ["webhook/ignored"] = new(new("Of no use to us", "بلا فائدة لنا"), "dot", Tone.Neutral),
        ["webhook/unmatched"] = new(new("Named nothing of ours", "لا تخصنا"), "alert", Tone.Bad),
        ["reconciliation/held"] = new(new("Waits for you", "بانتظارك"), "clock", Tone.Warn),
        ["reconciliation/receiving"] = new(new("Being read", "قيد القراءة"), "clock", Tone.Accent),
        ["reconciliation/matching"] = new(new("Being matched", "قيد المطابقة"), "clock", Tone.Accent),
        ["reconciliation/repairing"] = new(new("Asking the gateway", "سؤال البوابة"), "clock", Tone.Accent),
        ["reconciliation/comparing"] = new(new("Being compared", "قيد المقارنة"), "clock", Tone.Accent),
        ["reconciliation/done"] = new(new("Done", "تمت"), "check", Tone.Good),
        ["reconciliation/discarded"] = new(new("Discarded", "مستبعد"), "x", Tone.Neutral),
        ["reconciliation/lost"] = new(new("Give it in again", "أعد تقديمه"), "alert", Tone.Bad),
        ["exception/open"] = new(new("Open", "مفتوح"), "alert", Tone.Warn),
        ["exception/explained"] = new(new("Explained", "مفسَّر"), "check", Tone.Good),
        ["exception/resolved"] = new(new("Resolved", "تم حله"), "check", Tone.Good),
        ["application/submitted"] = new(new("Waits for a decision", "بانتظار قرار"), "clock", Tone.Warn),
        ["application/approved"] = new(new("Approved", "تمت الموافقة"), "check", Tone.Good),
        ["application/rejected"] = new(new("Rejected", "مرفوض"), "x", Tone.Bad),
        ["application/withdrawn"] = new(new("Withdrawn", "مسحوب"), "undo", Tone.Neutral),
        ["invitation/sent"] = new(new("Sent", "أُرسلت"), "mail", Tone.Accent),
        ["invitation/accepted"] = new(new("Accepted", "مقبولة"), "check", Tone.Good),
        ["invitation/revoked"] = new(new("Revoked", "ملغاة"), "x", Tone.Neutral),
        ["approval/pending"] = new(new("Waits for a second person", "بانتظار شخص ثانٍ"), "clock", Tone.Warn),
        ["approval/approved"] = new(new("Approved and done", "تمت الموافقة والتنفيذ"), "check", Tone.Good),
        ["approval/rejected"] = new(new("Rejected", "مرفوض"), "x", Tone.Bad),
        ["approval/withdrawn"] = new(new("Withdrawn", "مسحوب"), "undo", Tone.Neutral),
        ["invoice/issued"] = new(new("Issued", "صادرة"), "list", Tone.Accent),
        ["invoice/paid"] = new(new("Paid", "مدفوعة"), "check", Tone.Good),
        ["invoice/void"] = new(new("Void", "ملغاة"), "x", Tone.Neutral),
        ["review/waiting"] = new(new("Waits for a person", "بانتظار شخص"), "clock", Tone.Warn),
        ["review/approved"] = new(new("May be paid", "يمكن دفعه"), "check", Tone.Good),
        ["review/rejected"] = new(new("Rejected", "مرفوض"), "x", Tone.Bad),
        ["sign-in/allow"] = new(new("Let in", "سُمح له"), "check", Tone.Good),
        ["sign-in/ask"] = new(new("Asked for more", "طُلب المزيد"), "question", Tone.Warn),
        ["sign-in/hold"] = new(new("Held", "محجوز"), "lock", Tone.Bad),
        ["order/open"] = new(new("To be paid", "بانتظار الدفع"), "clock", Tone.Warn),
        ["order/paid"] = new(new("Paid", "مدفوع"), "check", Tone.Good),
        ["dispute/needs_response"] = new(new("Waits for our answer", "بانتظار ردنا"), "alert", Tone.Bad),
        ["dispute/under_review"] = new(new("With the bank", "لدى البنك"), "clock", Tone.Accent),
        ["dispute/won"] = new(new("Won", "كسبناه"), "check", Tone.Good),
        ["dispute/lost"] = new(new("Lost", "خسرناه"), "x", Tone.Bad),
        ["dispute/accepted"] = new(new("Given up", "تنازلنا عنه"), "x", Tone.Neutral),
        ["dispute/warning_needs_response"] = new(new("The bank asks", "البنك يسأل"), "question", Tone.Warn),
        ["dispute/warning_under_review"] = new(new("The bank reads our answer", "البنك يقرأ ردنا"), "clock", Tone.Accent),
        ["dispute/warning_closed"] = new(new("Question closed", "أُغلق السؤال"), "check", Tone.Neutral),
        ["dispute/prevented"] = new(new("Prevented", "مُنع"), "check", Tone.Good),
        ["evidence/sending"] = new(new("Being sent", "قيد الإرسال"), "clock", Tone.Accent),
        ["evidence/submitted"] = new(new("Received by the bank", "استلمه البنك"), "check", Tone.Good),
        ["evidence/refused"] = new(new("Refused", "مرفوض"), "x", Tone.Bad),
        ["job/dead"] = new(new("Gave up", "توقفت"), "alert", Tone.Bad),
    };

    private static readonly Dictionary<string, StateLook> AnyKind = new(StringComparer.Ordinal)
    {
        ["pending"] = Pending, ["processing"] = InProgress, ["completed"] = Completed, ["cancelled"] = Cancelled,
        ["failed"] = Failed, ["expired"] = Expired, ["unknown"] = Unknown,
    };

    internal static IEnumerable<StateLook> All => Looks.Values.Concat(AnyKind.Values);

    /// <summary>The look of a state of a kind of thing (<c>payment</c>, <c>booking</c>, <c>withdrawal</c>, <c>payout</c>, <c>order</c>,
    /// <c>refund</c>, <c>job</c>). A state this table does not know is shown by its own name, never hidden.</summary>
    public static StateLook Of(string kind, string state) =>
        Looks.TryGetValue($"{kind}/{state}", out var look) || AnyKind.TryGetValue(state, out look)
            ? look
            : new StateLook(new(state.Replace('_', ' '), state.Replace('_', ' ')), "dot", Tone.Neutral);
}

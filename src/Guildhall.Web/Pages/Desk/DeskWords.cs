using Guildhall.Money.Withdrawals;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Desk;

/// <summary>The books in a provider's words.</summary>
internal static class DeskWords
{
    public static StateLook OnSale { get; } = new(new("On sale", "معروضة"), "check", Tone.Good);

    public static StateLook NotOnSale { get; } = new(new("Not on sale", "غير معروضة"), "x", Tone.Neutral);

    public static Phrase Journal(string kind) => kind switch
    {
        "release" => new("Earned", "كسب"),
        "release_undone" => new("Taken back: a session was not held", "استُرد: جلسة لم تُعقد"),
        "refund_after_release" => new("Taken back by a refund", "استُرد برد مبلغ"),
        "refund_failed" => new("Refund failed, put back", "فشل رد المبلغ وأُعيد"),
        "dispute_opened" => new("Set aside for a dispute", "حُجز لاعتراض"),
        "dispute_freed" => new("Given back after a dispute", "أُعيد بعد اعتراض"),
        "dispute_lost" => new("Lost to a dispute", "خُسر باعتراض"),
        "dispute_loss_undone" => new("Dispute decided for you after all", "حُسم الاعتراض لصالحك"),
        "dispute_fee_charged" => new("Fee of a lost dispute", "رسوم اعتراض خاسر"),
        "dispute_fee_back" => new("Dispute fee given back", "أُعيدت رسوم الاعتراض"),
        "reserve_released" => new("Reserve released", "حُرّر الاحتياطي"),
        "write_off" => new("Debt forgiven", "أُسقط الدين"),
        "withdrawal_requested" => new("Withdrawal asked for", "طلب سحب"),
        "withdrawal_given_back" => new("Withdrawal not paid, put back", "سحب لم يُدفع وأُعيد"),
        "payout_sent" => new("Sent to your bank", "أُرسل إلى بنكك"),
        "payout_completed" => new("Reached your bank", "وصل إلى بنكك"),
        "payout_failed" => new("Transfer failed, put back", "فشل التحويل وأُعيد"),
        "payout_returned" => new("Returned by your bank, put back", "أعاده بنكك"),
        _ => new(kind.Replace('_', ' '), kind.Replace('_', ' ')),
    };

    /// <summary>What happens with a withdrawal now; English is the module's own sentence.</summary>
    public static Phrase Says(WithdrawalView withdrawal) => new(withdrawal.Says, withdrawal.State switch
    {
        WithdrawalState.Pending => "بانتظار موافقة إدارتنا. المبلغ محجوز من رصيدك.",
        WithdrawalState.Approved when withdrawal.Held is { } held => "تمت الموافقة ولم يُرسل بعد: " + Held(held),
        WithdrawalState.Approved => "تمت الموافقة. يجري تحضير التحويل.",
        WithdrawalState.Rejected => "رُفض الطلب وعاد المبلغ إلى رصيدك.",
        WithdrawalState.Cancelled => "ألغيته أنت وعاد المبلغ إلى رصيدك.",
        WithdrawalState.Processing when IsWallet(withdrawal) => "في طريقه إليك.",
        WithdrawalState.Processing => "في طريقه إلى بنكك.",
        WithdrawalState.Unknown when IsWallet(withdrawal) => "لم يصل جواب بعد. نواصل السؤال ولن يُدفع مرتين.",
        WithdrawalState.Unknown => "لم يجب البنك بعد. نواصل السؤال ولن يُدفع مرتين.",
        WithdrawalState.Completed => "دُفع.",
        WithdrawalState.Failed => "فشل التحويل وعاد المبلغ إلى رصيدك.",
        WithdrawalState.Returned when IsWallet(withdrawal) => "عاد التحويل وعاد المبلغ إلى رصيدك. راجع إلى أين يذهب مالك.",
        WithdrawalState.Returned => "أعاد بنكك التحويل وعاد المبلغ إلى رصيدك. راجع بيانات حسابك.",
    });

    private static bool IsWallet(WithdrawalView withdrawal) => withdrawal.Rail is "paypal" or "mpesa";

    private static string Held(Hold hold) => hold switch
    {
        Hold.DestinationChanged => "تغيّرت البيانات البنكية بعد الطلب. على إدارتنا رفضه ليُطلب من جديد.",
        Hold.DestinationUnconfirmed => "أعاد البنك المال من هذا الحساب. أكّد البيانات البنكية أو غيّرها.",
        Hold.DestinationTooNew => "البيانات البنكية جديدة أكثر من اللازم.",
        Hold.DestinationUnfit => "لا تصلح البيانات البنكية لملف البنك: يلزم IBAN أو رمز البنك، واسم بحروف لاتينية.",
        Hold.ProviderSuspended => "الحساب موقوف.",
        Hold.ProviderOwes => "الرصيد دون الصفر. يُرسل عند تعويضه.",
        Hold.OverMaximum => "يتجاوز الحد الأقصى للسحب.",
        Hold.OverDailyLimit => "يتجاوز ما يُدفع خلال 24 ساعة.",
        _ => throw new ArgumentOutOfRangeException(nameof(hold)),
    };

    public static Phrase Account(string kind) => kind switch
    {
        "provider_available" => new("Available", "المتاح"),
        "provider_disputed" => new("In dispute", "معترض عليه"),
        "provider_rolling" => new("In reserve", "احتياطي"),
        "provider_reserved" => new("Being withdrawn", "قيد السحب"),
        _ => new(kind.Replace('_', ' '), kind.Replace('_', ' ')),
    };
}

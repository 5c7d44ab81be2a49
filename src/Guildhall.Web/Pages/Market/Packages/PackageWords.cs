using Guildhall.Marketplace.Packages;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Market.Packages;

/// <summary>Packages in the words of people.</summary>
internal static class PackageWords
{
    public static StateLook Look(PackageSaleView sale) => sale switch
    {
        { State: PackageSaleState.Placed } => new(new("To be paid", "بانتظار الدفع"), "clock", Tone.Warn),
        { State: PackageSaleState.Ended } => new(new("Over", "انتهت"), "check", Tone.Neutral),
        { ClosedBy: PackageClosedBy.GivenUp } => new(new("Given up", "تم التخلي عنها"), "undo", Tone.Neutral),
        { ClosedBy: PackageClosedBy.Expired } => new(new("Time is over", "انتهت مدتها"), "clock", Tone.Neutral),
        { Left: 0 } => new(new("All booked", "كلها محجوزة"), "check", Tone.Good),
        _ => new(new("Ready to use", "جاهزة للاستخدام"), "check", Tone.Good),
    };

    public static Phrase Credit(PackageCreditView credit) => credit.State switch
    {
        PackageCreditState.Free => new("to book", "للحجز"),
        PackageCreditState.Booked => new("booked", "محجوزة"),
        PackageCreditState.Spent => new("used", "مستخدمة"),
        PackageCreditState.Void => credit.VoidReason switch
        {
            PackageVoidReason.Expired => new("void: the time was over", "لاغية: انتهت المدة"),
            PackageVoidReason.GivenUp => new("void: given up", "لاغية: تم التخلي عنها"),
            PackageVoidReason.Dispute => new("void: the payment is disputed", "لاغية: الدفعة محل اعتراض"),
            _ => new("void: its money went back", "لاغية: أُعيد مبلغها"),
        },
    };

    public static Phrase Left(PackageSaleView sale) => new($"{sale.Left} of {sale.Sessions} sessions left to book", $"بقي للحجز {sale.Left} من {sale.Sessions} جلسات");

    public static Phrase Rule(int percent) => percent switch
    {
        0 => new("Of sessions that you do not use nothing comes back.", "لا يعود شيء من الجلسات التي لا تستخدمها."),
        100 => new("The money of sessions that you do not use comes back.", "يعود مبلغ الجلسات التي لا تستخدمها كاملًا."),
        _ => new($"Of the money of sessions that you do not use {percent} % come back.", $"يعود {percent}٪ من مبلغ الجلسات التي لا تستخدمها."),
    };
}

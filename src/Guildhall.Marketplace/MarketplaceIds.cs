using Guildhall.Foundation;

namespace Guildhall.Marketplace;

/// <summary>Id of a provider's profile, <c>prv_…</c>. Not the account's id.</summary>
public readonly record struct ProviderId(Guid Value) : IId<ProviderId>
{
    public static string Prefix => "prv";
    public static ProviderId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ProviderId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an application to become a provider, <c>pap_…</c>.</summary>
public readonly record struct ProviderApplicationId(Guid Value) : IId<ProviderApplicationId>
{
    public static string Prefix => "pap";
    public static ProviderApplicationId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ProviderApplicationId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a service, <c>srv_…</c>.</summary>
public readonly record struct ServiceId(Guid Value) : IId<ServiceId>
{
    public static string Prefix => "srv";
    public static ServiceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ServiceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of something that services need besides their provider, <c>rsc_…</c>.</summary>
public readonly record struct ResourceId(Guid Value) : IId<ResourceId>
{
    public static string Prefix => "rsc";
    public static ResourceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ResourceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an exception to weekly hours, <c>hex_…</c>.</summary>
public readonly record struct ExceptionId(Guid Value) : IId<ExceptionId>
{
    public static string Prefix => "hex";
    public static ExceptionId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ExceptionId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a booking, <c>bkg_…</c>.</summary>
public readonly record struct BookingId(Guid Value) : IId<BookingId>
{
    public static string Prefix => "bkg";
    public static BookingId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out BookingId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a series of bookings, <c>ser_…</c>.</summary>
public readonly record struct SeriesId(Guid Value) : IId<SeriesId>
{
    public static string Prefix => "ser";
    public static SeriesId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out SeriesId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of somebody's waiting for a time, <c>wtg_…</c>.</summary>
public readonly record struct WaitId(Guid Value) : IId<WaitId>
{
    public static string Prefix => "wtg";
    public static WaitId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out WaitId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a chat, <c>cht_…</c>.</summary>
public readonly record struct ChatId(Guid Value) : IId<ChatId>
{
    public static string Prefix => "cht";
    public static ChatId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ChatId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a message, <c>msg_…</c>.</summary>
public readonly record struct MessageId(Guid Value) : IId<MessageId>
{
    public static string Prefix => "msg";
    public static MessageId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out MessageId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of one version of cancellation terms, <c>cpl_…</c>.</summary>
public readonly record struct CancellationPolicyId(Guid Value) : IId<CancellationPolicyId>
{
    public static string Prefix => "cpl";
    public static CancellationPolicyId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out CancellationPolicyId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a move of a booking to another time, <c>mov_…</c>.</summary>
public readonly record struct MoveId(Guid Value) : IId<MoveId>
{
    public static string Prefix => "mov";
    public static MoveId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out MoveId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of an appeal against hidden words, <c>map_…</c>.</summary>
public readonly record struct MaskAppealId(Guid Value) : IId<MaskAppealId>
{
    public static string Prefix => "map";
    public static MaskAppealId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out MaskAppealId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a report that somebody did not come, <c>abs_…</c>.</summary>
public readonly record struct AbsenceId(Guid Value) : IId<AbsenceId>
{
    public static string Prefix => "abs";
    public static AbsenceId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out AbsenceId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a link to a calendar feed, <c>cal_…</c>. Not its secret.</summary>
public readonly record struct CalendarLinkId(Guid Value) : IId<CalendarLinkId>
{
    public static string Prefix => "cal";
    public static CalendarLinkId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out CalendarLinkId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a provider's calendar elsewhere, <c>xcl_…</c>.</summary>
public readonly record struct ExternalCalendarId(Guid Value) : IId<ExternalCalendarId>
{
    public static string Prefix => "xcl";
    public static ExternalCalendarId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ExternalCalendarId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of something that happened on a visit, <c>vev_…</c>.</summary>
public readonly record struct VisitEventId(Guid Value) : IId<VisitEventId>
{
    public static string Prefix => "vev";
    public static VisitEventId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out VisitEventId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of what one side of a booking wrote of the other, <c>rev_…</c>.</summary>
public readonly record struct ReviewId(Guid Value) : IId<ReviewId>
{
    public static string Prefix => "rev";
    public static ReviewId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ReviewId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a call, <c>cll_…</c>.</summary>
public readonly record struct CallId(Guid Value) : IId<CallId>
{
    public static string Prefix => "cll";
    public static CallId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out CallId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a block of one person by another, <c>pbk_…</c>.</summary>
public readonly record struct BlockId(Guid Value) : IId<BlockId>
{
    public static string Prefix => "pbk";
    public static BlockId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out BlockId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a report of somebody in a chat, <c>rpt_…</c>.</summary>
public readonly record struct TalkReportId(Guid Value) : IId<TalkReportId>
{
    public static string Prefix => "rpt";
    public static TalkReportId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out TalkReportId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a package on offer, <c>pkg_…</c>.</summary>
public readonly record struct PackageId(Guid Value) : IId<PackageId>
{
    public static string Prefix => "pkg";
    public static PackageId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out PackageId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a package that was sold, <c>pks_…</c>.</summary>
public readonly record struct PackageSaleId(Guid Value) : IId<PackageSaleId>
{
    public static string Prefix => "pks";
    public static PackageSaleId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out PackageSaleId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of work for a client in milestones, <c>cpj_…</c>. Not the site's portfolio project.</summary>
public readonly record struct ClientProjectId(Guid Value) : IId<ClientProjectId>
{
    public static string Prefix => "cpj";
    public static ClientProjectId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out ClientProjectId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a milestone of a client project, <c>mls_…</c>.</summary>
public readonly record struct MilestoneId(Guid Value) : IId<MilestoneId>
{
    public static string Prefix => "mls";
    public static MilestoneId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out MilestoneId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

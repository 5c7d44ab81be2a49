using System.Text.Json.Serialization;

namespace Guildhall.Sandbox.State;

/// <summary>Of payouts. Unclaimed: by PayPal only. NoMoney: the merchant has none there; by PayPal and M-Pesa only.</summary>
internal enum PayoutFault { None, Fail, ReturnAfterPaid, Unclaimed, NoMoney }

internal enum PwnedFault { None, Down, Slow, Malformed, Limited }

/// <summary>Of the bucket: too busy; not letting anybody in; another page in its place; no answer at all.</summary>
internal enum StorageFault { None, Down, Refused, Garbage, Lost }

/// <summary>Of the virus scanner: hangs up; fails; says something else.</summary>
internal enum ScannerFault { None, Down, Error, Garbage }

/// <summary>Of who knows streets: fails; takes half a minute; says something else; does not know the key any more; knows no way.</summary>
internal enum RoutesFault { None, Down, Slow, Garbage, Refused, NoWay }

/// <summary>Of who knows the weather: fails; takes half a minute; says something else; does not know the key any more; has had too many questions.</summary>
internal enum WeatherFault { None, Down, Slow, Garbage, Refused, Limited }

/// <summary>Of who reads out: fails; takes half a minute; answers something else; does not know the key any more; has no letters left.</summary>
internal enum VoiceFault { None, Down, Slow, Garbage, Refused, Limited }

/// <summary>How badly the outside world behaves. Percentages are 0 to 100; counts go down as they are used.</summary>
internal sealed record Faults
{
    public const string Id = "faults";

    public int DelayMs { get; init; }
    public int DelayWebhooksMs { get; init; }
    public int DuplicateWebhooks { get; init; }
    public int DropWebhooks { get; init; }
    public bool ReorderWebhooks { get; init; }
    public TimeoutFault TimeoutAfterEffect { get; init; } = new(0, 0);
    public int DeclineNext { get; init; }
    public int AuthenticateNext { get; init; }
    public PayoutFault FailPayouts { get; init; }
    /// <summary>The next so many payouts by PayPal and M-Pesa are lost on their way: nothing happens and nothing is answered.</summary>
    public int PayoutsLostBefore { get; init; }
    public bool FailRefunds { get; init; }

    /// <summary>How the range service of breached passwords answers.</summary>
    public PwnedFault Pwned { get; init; }

    /// <summary>How the bucket answers.</summary>
    public StorageFault Storage { get; init; }

    /// <summary>How the virus scanner answers.</summary>
    public ScannerFault Scanner { get; init; }

    /// <summary>How Google Routes and OSRM answer.</summary>
    public RoutesFault GoogleRoutes { get; init; }
    public RoutesFault Osrm { get; init; }

    /// <summary>How OpenWeather answers.</summary>
    public WeatherFault Weather { get; init; }

    /// <summary>How ElevenLabs answers.</summary>
    public VoiceFault Voice { get; init; }

    /// <summary>How long an authorization is held before it is let go; 0 is the seven days of the real thing.</summary>
    public int HoldMinutes { get; init; }

    /// <summary>The next so many text messages: taken by nobody and no answer; taken and no answer; refused as too many; answered with a failure of the
    /// provider's own; taken, then not delivered.</summary>
    public int SmsLostBefore { get; init; }
    public int SmsLostAfter { get; init; }
    public int SmsTooMany { get; init; }
    public int SmsBroken { get; init; }
    public int SmsUndelivered { get; init; }

    /// <summary>The next so many mails by a company with an API: refused as too many; answered with a failure of its own; answered with nonsense; taken by nobody and no
    /// answer; taken, then back.</summary>
    public int MailTooMany { get; init; }
    public int MailBroken { get; init; }
    public int MailGarbage { get; init; }
    public int MailLostBefore { get; init; }
    public int MailBounces { get; init; }

    /// <summary>The next so many push messages: taken by nobody and no answer; taken and no answer; refused as too many; refused since they are busy.</summary>
    public int PushLostBefore { get; init; }
    public int PushLostAfter { get; init; }
    public int PushTooMany { get; init; }
    public int PushBusy { get; init; }
    public int Seed { get; init; } = 1;

    [JsonIgnore] public bool IsCalm => this == new Faults { Seed = Seed };
}

/// <summary>The effect happens, the answer never comes: for so many percent of the calls, and for the next so many.</summary>
internal sealed record TimeoutFault(int Percent, int Next);

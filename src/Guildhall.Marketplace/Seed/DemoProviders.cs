using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Marketplace.Seed;

internal sealed record DemoService(string Name, string Description, ServiceKind Kind, int Minutes, int BufferMinutes, long PriceMinor, int NoticeMinutes = 120, int HorizonDays = 60,
    string? NameAr = null);

/// <param name="Weekdays">Digits, Monday is 1.</param>
/// <param name="Hours">Windows of every such day.</param>
internal sealed record DemoProvider(string Email, string Name, string Headline, string Bio, ProviderKind Kind, string Zone, string Language, string[] Languages,
    string Currency, string Weekdays, (int From, int Until)[] Hours, string Category, (double Latitude, double Longitude) Place, DemoService[] Services);

/// <summary>Who is on the demo marketplace. KWD prices are multiples of ten fils, the step of its gateway.</summary>
internal static class DemoProviders
{
    private const int Hour = 60;

    public static readonly DemoProvider[] All =
    [
        new("omar@example.test", "Omar Haddad", "Start-up and company law adviser in Kuwait",
            "I have set up more than two hundred companies in Kuwait since 2009, from one-person consultancies to joint ventures with foreign partners. "
            + "I explain the law in plain Arabic or English and tell you what each step costs before you take it.",
            ProviderKind.Advisor, "Asia/Kuwait", "en", ["ar", "en"], "KWD", "71234", [(9 * Hour, 13 * Hour), (16 * Hour, 20 * Hour)], "law", (29.3759, 47.9774),
            [
                new("Company set-up consultation", "Which legal form fits you, which licences you need, how long it takes and what it costs. Afterwards you get a written "
                    + "list of steps with the offices to go to.", ServiceKind.Consultation, 60, 15, 25_000, NameAr: "استشارة تأسيس شركة"),
                new("Contract review", "I read your contract with you, line by line: employment, rent, supply or partnership, up to fifteen pages. You leave knowing what to "
                    + "change before you sign.", ServiceKind.Consultation, 45, 15, 18_500, NameAr: "مراجعة عقد"),
                new("Quick legal question", "One question, one clear answer. Good before a meeting or a signature.", ServiceKind.Consultation, 20, 10, 7_500, NoticeMinutes: 30, NameAr: "سؤال قانوني سريع"),
            ]),
        new("noura@example.test", "Noura Al-Mutairi", "Air conditioning that survives a Kuwaiti summer",
            "Certified cooling technician with eleven years on split units, ducted systems and chillers. I bring gauges, spare capacitors and a vacuum cleaner, "
            + "and I leave the room as clean as I found it.",
            ProviderKind.Technician, "Asia/Kuwait", "en", ["ar", "en"], "KWD", "712346", [(8 * Hour, 18 * Hour)], "cooling", (29.334, 48.076),
            [
                new("Air conditioner service", "Filters and coils cleaned, drain flushed, gas pressure and current measured, up to two split units. You get the readings in writing.",
                    ServiceKind.Visit, 90, 45, 15_000, NoticeMinutes: 240, NameAr: "صيانة مكيّف"),
                new("Cooling emergency", "Not cooling, leaking or tripping the breaker: diagnosis on site and repair of what can be repaired at once. Parts are charged separately.",
                    ServiceKind.Visit, 60, 45, 22_000, NoticeMinutes: 60, HorizonDays: 14, NameAr: "طوارئ التكييف"),
            ]),
        new("priya@example.test", "Priya Nair", "Chartered accountant for freelancers and small companies",
            "I keep the books of designers, doctors and shopkeepers in Kochi and Bengaluru. Bring your papers in any state; we sort them together and you learn "
            + "to do the simple part yourself.",
            ProviderKind.Advisor, "Asia/Kolkata", "en", ["en", "hi", "ml"], "INR", "12345", [(10 * Hour, 13 * Hour), (14 * Hour, 18 * Hour + 30)], "money", (9.9312, 76.2673),
            [
                new("GST registration and first return", "We check whether you must register, do it together on the portal, and prepare your first return.",
                    ServiceKind.Consultation, 60, 15, 250_000),
                new("Income tax planning", "Old regime or new, what you can deduct, and what to put aside each month. With a one-page summary for your files.",
                    ServiceKind.Consultation, 45, 15, 180_000),
            ]),
        new("arjun@example.test", "Arjun Mehta", "Electrician: wiring, inverters, solar",
            "Licensed electrician with a team of one: me. I test before I touch, label every breaker and photograph what is behind the wall before I close it.",
            ProviderKind.Technician, "Asia/Kolkata", "en", ["en", "hi", "mr"], "INR", "123456", [(9 * Hour, 19 * Hour)], "electrics", (19.076, 72.8777),
            [
                new("Home electrical safety check", "Every circuit tested for load, earth and insulation, with a thermal photo of the board and a written report.",
                    ServiceKind.Visit, 120, 60, 149_900, NoticeMinutes: 360),
                new("Inverter and battery service", "Terminals, water level, charging current and back-up time. Works with all common brands.",
                    ServiceKind.Visit, 60, 45, 79_900, NoticeMinutes: 180),
            ]),
        new("aoife@example.test", "Aoife Byrne", "Career coach for people who change course",
            "Twelve years in recruitment, six as a coach. I have read forty thousand CVs and know what happens in the eight seconds somebody gives yours.",
            ProviderKind.Advisor, "Europe/Dublin", "en", ["en", "ga"], "EUR", "12345", [(8 * Hour + 30, 12 * Hour + 30), (13 * Hour + 30, 17 * Hour)], "other", (53.3331, -6.2489),
            [
                new("CV and profile review", "Send your CV when you book. We rewrite the first half page together and decide what to leave out.", ServiceKind.Consultation, 45, 15, 65_00),
                new("Interview rehearsal", "A real interview for your real vacancy, then honest feedback and a second try. Recorded for you if you like.",
                    ServiceKind.Consultation, 60, 15, 90_00),
            ]),
        new("conor@example.test", "Conor Walsh", "Boilers, heat pumps and the pipes between them",
            "Registered gas installer in Dublin. I mend before I replace and show you the part that failed.",
            ProviderKind.Technician, "Europe/Dublin", "en", ["en"], "EUR", "123456", [(8 * Hour, 17 * Hour)], "cooling", (53.3876, -6.3754),
            [
                new("Boiler service", "Full annual service with flue gas analysis and certificate.", ServiceKind.Visit, 60, 30, 99_00, NoticeMinutes: 720),
                new("Heat pump check", "Flow temperatures, settings and noise; most people save a tenth of their bill by the settings alone.", ServiceKind.Visit, 90, 30, 140_00, NoticeMinutes: 720),
            ]),
        new("maya@example.test", "Maya Rodriguez", "Product strategy for founders",
            "Former head of product at two companies you have used. I help small teams decide what not to build. Direct, prepared, on time.",
            ProviderKind.Advisor, "America/New_York", "en", ["en", "es"], "USD", "1234", [(9 * Hour, 17 * Hour)], "other", (40.7306, -73.9866),
            [
                new("Product strategy session", "Your three hardest product decisions, taken apart and put together again. With notes the same day.", ServiceKind.Consultation, 90, 30, 320_00),
                new("Pitch deck teardown", "Slide by slide, as an investor would read it, and what to say instead.", ServiceKind.Consultation, 45, 15, 150_00),
            ]),
        new("daniel@example.test", "Daniel Brooks", "Home networks that just work",
            "I design and repair home and small-office networks in the five boroughs: cabling, access points, cameras, and passwords you will remember.",
            ProviderKind.Technician, "America/New_York", "en", ["en"], "USD", "23456", [(10 * Hour, 14 * Hour), (15 * Hour, 19 * Hour)], "computers", (40.6782, -73.9442),
            [
                new("Wi-Fi survey and repair", "Signal measured in every room, channels and placement corrected, a map left with you.", ServiceKind.Visit, 90, 45, 185_00, NoticeMinutes: 240),
                new("Remote network clinic", "Bring your slow connection; we find the reason together over a call.", ServiceKind.Consultation, 30, 10, 60_00, NoticeMinutes: 60),
            ]),
    ];
}

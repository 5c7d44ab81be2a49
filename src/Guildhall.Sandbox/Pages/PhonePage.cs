using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Twilio;

namespace Guildhall.Sandbox.Pages;

/// <summary>What came to every phone: by number, the newest first.</summary>
internal static partial class PhonePage
{
    private const int Shown = 100;
    private const string Empty = "<p class=\"empty\">No text message here yet. Add a phone number in the product, and its code arrives on this page.</p>";

    private const string DeleteAll = """
        <form method="post" action="/controls/texts/delete"><button class="link">Delete all text messages</button></form>
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/phone", List);
        routes.MapPost("/controls/texts/delete", async (World world) =>
        {
            await world.Change(TextRoutes.Empty);
            return SeeOther.To("/phone");
        });
    }

    private static IResult List(World world, string? to)
    {
        var wanted = to?.Trim() ?? "";
        var phones = world.Read(w => w.Texts.NewestFirst().Where(text => text.To.Contains(wanted, StringComparison.Ordinal)).Take(Shown).ToArray())
            .GroupBy(text => text.Phone, StringComparer.Ordinal).ToArray();
        return Layout.Page(world, "Phone", "/phone", Html.Of($"""
            <h1>Phone</h1>
            <form class="row" role="search"><label class="grow"><span class="hidden">Number</span>
              <input type="search" name="to" value="{wanted}" placeholder="Number, or part of it" inputmode="tel"></label><button>Search</button></form>
            {Html.When(phones.Length == 0, new(Empty))}
            {Html.Each(phones, phone => Html.Of($"""
              <section class="stack"><h2><bdi dir="ltr">{phone.Key}</bdi></h2>
              {Html.Each(phone, Show)}</section>
              """))}
            {Html.When(phones.Length > 0, new(DeleteAll))}
            """));
    }

    private static Html Show(TextMessage text) => Html.Of($"""
        <article class="card"><p dir="auto">{WithCodes(text.Body)}</p>
        <p class="muted">{(text.IsWhatsApp ? "WhatsApp " : "")}from <bdi dir="ltr">{text.From}</bdi> · <time datetime="{text.At:O}">{text.At:d MMM, HH:mm:ss} UTC</time> · {text.Segments} {(text.Segments == 1 ? "part" : "parts")}
        {Layout.Badge(text.Status)}</p></article>
        """);

    private static Html WithCodes(string body) => new(Code().Replace(WebUtility.HtmlEncode(body), found => $"<code class=\"code\">{found.Value}</code>"));

    // HtmlEncode writes other letters as numbers after #, which are no codes.
    [GeneratedRegex("(?<![#0-9])[0-9]{6}(?![0-9;])", RegexOptions.None, 500)]
    private static partial Regex Code();
}

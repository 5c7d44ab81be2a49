using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.Control;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Pages;

internal static partial class MailboxPage
{
    private const int Shown = 50;
    private const string Empty = "<p class=\"empty\">No mail here yet. Sign up in the product, and its mail arrives on this page.</p>";

    private const string DeleteAll = """
        <form method="post" action="/controls/mail/delete"><button class="link">Delete all mail</button></form>
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mailbox", List);
        routes.MapGet("/mailbox/{id}", Show);
        routes.MapPost("/controls/mail/delete", async (World world) =>
        {
            await world.Change(MailRoutes.Empty);
            return SeeOther.To("/mailbox");
        });
    }

    private static IResult List(World world, string? to)
    {
        var wanted = to?.Trim() ?? "";
        var mails = world.Read(w => w.Mail.NewestFirst()
            .Where(mail => mail.To.Contains(wanted, StringComparison.OrdinalIgnoreCase))
            .Take(Shown)
            .ToArray());
        return Layout.Page(world, "Mailbox", "/mailbox", Html.Of($"""
            <h1>Mailbox</h1>
            <form class="row" role="search"><label class="grow"><span class="hidden">Recipient</span>
              <input type="search" name="to" value="{wanted}" placeholder="Recipient, or part of it"></label><button>Search</button></form>
            {Html.When(mails.Length == 0, new(Empty))}
            <ul class="mails">{Html.Each(mails, mail => Html.Of($"""
              <li><a href="/mailbox/{mail.Id}"><b>{(mail.Subject.Length == 0 ? "(no subject)" : mail.Subject)}</b>
              <span>to <bdi>{mail.To}</bdi></span><time datetime="{mail.At:O}">{mail.At:d MMM, HH:mm:ss} UTC</time></a></li>
              """))}</ul>
            {Html.When(mails.Length == Shown, Html.Of($"<p class=\"muted\">The newest {Shown} are shown. Search to see others.</p>"))}
            {Html.When(mails.Length > 0, new(DeleteAll))}
            """));
    }

    private static IResult Show(HttpContext context, World world, string id)
    {
        if (world.Read(w => w.Mail.Find(id)) is not { } mail) return SeeOther.To("/mailbox");
        SecurityHeaders.AllowMailStyles(context);
        return Layout.Page(world, mail.Subject, "/mailbox", Html.Of($"""
            <p><a href="/mailbox">← Mailbox</a></p>
            <h1>{mail.Subject}</h1>
            <dl class="facts"><dt>From</dt><dd><bdi>{mail.From}</bdi></dd><dt>To</dt><dd><bdi>{mail.To}</bdi></dd>
              <dt>At</dt><dd><time datetime="{mail.At:O}">{mail.At:ddd d MMM yyyy, HH:mm:ss} UTC</time></dd><dt>By</dt><dd>{mail.Via}</dd></dl>
            <h2>Text</h2>
            <pre class="card mail">{WithLinks(mail.Text)}</pre>
            {Html.When(mail.Html is not null, Html.Of($"""
              <h2>HTML</h2>
              <iframe class="card" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"
                srcdoc="{"<base target=_blank>" + mail.Html}"></iframe>
              """))}
            """));
    }

    /// <summary>Addresses become links; a code of 6 to 8 digits on its own becomes one thing to select with a click.</summary>
    private static Html WithLinks(string text) => new(Interesting().Replace(WebUtility.HtmlEncode(text), Mark));

    private static string Mark(Match found) => found.Groups["link"].Success
        ? $"<a href=\"{found.Value}\" rel=\"noreferrer\">{found.Value}</a>"
        : $"<code class=\"code\">{found.Value}</code>";

    [GeneratedRegex("""(?<link>https?://[^\s<>"']+[^\s<>"'.,;:!?)\]])|\b[0-9]{6,8}\b""", RegexOptions.None, 500)]
    private static partial Regex Interesting();
}

namespace Guildhall.Tests.Content;

/// <summary>Ways to get a script run through text, made from kinds: what carries it, how it is called, how it is hidden. Each calls <c>alert(1)</c>, so that whoever watches a browser sees which ran.</summary>
public static class Payloads
{
    private const string Act = "alert(1)";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Tags().Concat(Attributes()).Concat(Schemes()).Concat(Markdown()).Concat(Breakouts()).Concat(Others()).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Tags()
    {
        foreach (var script in new[] { "<script>{0}</script>", "<SCRIPT>{0}</SCRIPT>", "<script\n>{0}</script\n>", "<script/x>{0}</script>", "<scr<script>ipt>{0}</scr</script>ipt>",
            "<script src=data:text/javascript,{0}></script>", "<script type=module>{0}</script>", "<<script>{0}//<</script>" })
            yield return Fill(script);
        foreach (var tag in new[]
        {
            "<iframe srcdoc=\"<script>parent.{0}</script>\"></iframe>", "<iframe src=javascript:{0}></iframe>", "<object data=\"data:text/html,<script>{0}</script>\"></object>", "<embed src=javascript:{0}>",
            "<base href=javascript:/a/-{0}//>", "<meta http-equiv=refresh content=\"0;url=javascript:{0}\">", "<link rel=stylesheet href=\"data:text/css,*{{background:red}}\">", "<form action=javascript:{0}><button>x</button></form>",
            "<isindex action=javascript:{0}>", "<template><script>{0}</script></template>", "<noscript><p title=\"</noscript><img src=x onerror={0}>\">", "<textarea><img src=x onerror={0}></textarea>",
            "<title><img src=x onerror={0}></title>",
            "<style>@import 'javascript:{0}';</style>", "<style><!--</style><img src=x onerror={0}>", "<xmp><img src=x onerror={0}></xmp>", "<plaintext><img src=x onerror={0}>",
        }) yield return Fill(tag);
    }

    private static IEnumerable<string> Attributes()
    {
        foreach (var (tag, handler) in new[]
        {
            ("img src=x", "onerror"), ("img src=data:,", "onerror"), ("body", "onload"), ("svg", "onload"), ("video src=x", "onerror"), ("audio src=x", "onerror"), ("details open", "ontoggle"), ("input autofocus", "onfocus"),
            ("select autofocus", "onfocus"), ("textarea autofocus", "onfocus"), ("a href=# autofocus tabindex=1", "onfocus"), ("marquee", "onstart"), ("div style=animation-name:x", "onanimationstart"), ("iframe", "onload"),
            ("object data=x", "onerror"), ("p tabindex=1 autofocus", "onfocus"), ("img src=x loading=lazy", "onerror"), ("x contenteditable autofocus", "onfocus"), ("style", "onload"), ("link rel=stylesheet href=data:,", "onload"),
        })
            foreach (var shape in new[] { "<{0} {1}={2}>", "<{0} {1}=\"{2}\">", "<{0}\t{1}\n=\n'{2}'>", "<{0}/{1}={2}//", "&lt;{0} {1}={2}&gt;", "<{0} {1}=&#97;lert(1)>" })
                yield return shape.Replace("{0}", tag, StringComparison.Ordinal).Replace("{1}", handler, StringComparison.Ordinal).Replace("{2}", Act, StringComparison.Ordinal);
    }

    /// <summary>Addresses that are not to be followed.</summary>
    public static IEnumerable<string> Addresses()
    {
        foreach (var scheme in new[]
        {
            "javascript:", "JaVaScRiPt:", " javascript:", "\tjavascript:", "java\tscript:", "java\nscript:", "java&#x09;script:", "&#106;avascript:", "&#x6A;avascript:", "javascript&colon;", "&Tab;javascript:", "jav&NewLine;ascript:",
            "\u0001javascript:", "javascript:\u200b", "\u200bjavascript:", "vbscript:", "livescript:", "data:text/html,<script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "data:image/svg+xml,<svg onload=",
            "blob:", "filesystem:", "file:///etc/passwd?",
            "view-source:javascript:", "feed:javascript:", "jar:javascript:", "//evil.test/", "/\\evil.test/", "\\\\evil.test/", "https:evil.test/", "https://user:pass@evil.test/", "about:blank#", "%6A%61vascript:",
            "javascript:%0a", "javascript://%0d%0a", "javascript:/*--></title></style></textarea></script>*/",
            "intent://evil#Intent;scheme=", "ws://evil.test/", "ftp://evil.test/",
        }) yield return scheme + Act;
    }

    private static IEnumerable<string> Schemes() => Addresses().SelectMany(a => new[] { $"[click]({a})", $"[click](<{a}>)", $"![pic]({a})", $"<{a}>", $"[click][r]\n\n[r]: {a}", $"[![pic]({a})](https://ok.test/)",
        $"<a href=\"{a}\">x</a>" });

    private static IEnumerable<string> Markdown()
    {
        foreach (var form in new[]
        {
            "[a](https://ok.test/ \"\\\" onmouseover={0} x=\")", "[a](https://ok.test/ '\"><img src=x onerror={0}>')", "![\"onerror=\"{0}](x)", "[a](https://ok.test/\"onclick=\"{0})", "```<img src=x onerror={0}>\nx\n```",
            "```\"><img/src=x/onerror={0}>\nx\n```",
            "`<script>{0}</script>`", "    <script>{0}</script>", "> <script>{0}</script>", "- <img src=x onerror={0}>", "# <svg onload={0}>", "| <img src=x onerror={0}> |\n|---|\n| \"><svg onload={0}> |",
            "[<img src=x onerror={0}>](https://ok.test/)",
            "**<img src=x onerror={0}>**", "<https://ok.test/\"><img src=x onerror={0}>", "<!-- --><img src=x onerror={0}> -->", "<![CDATA[<img src=x onerror={0}>]]>", "<?php ?><img src=x onerror={0}>",
            "[a]: x\n<img src=x onerror={0}>", "\\<script>{0}\\</script>",
            "a\n===<img src=x onerror={0}>", "<div>\n\n<img src=x onerror={0}>\n\n</div>", "[x](#\"onfocus={0} autofocus=\")", "~~<svg/onload={0}>~~", "<p {{onload={0}}}>", "{{onclick={0}}}", "# head {{#id onclick={0}}}",
        }) yield return Fill(form);
    }

    private static IEnumerable<string> Breakouts()
    {
        foreach (var way in new[]
        {
            "\"><script>{0}</script>", "'><script>{0}</script>", "</title><script>{0}</script>", "</textarea><script>{0}</script>", "</style><script>{0}</script>", "</script><script>{0}</script>", "--><script>{0}</script>",
            "]]><script>{0}</script>",
            "\" autofocus onfocus={0} x=\"", "' autofocus onfocus={0} x='", "\" style=\"background:url(javascript:{0})\"", "\\\"}};{0};//", "';{0};//", "</p></div><img src=x onerror={0}>",
            "</blockquote></article><svg onload={0}>", "\u2028{0}\u2029", "\u2066<img src=x onerror={0}>\u2069",
            "\u200f<script>{0}</script>\u200e", "\u061c<svg onload={0}>", "＜script＞{0}＜/script＞", "\u3008img src=x onerror={0}\u3009", "ʺ><img src=x onerror={0}>", "<ſcript>{0}</ſcript>", "<img src=x onerror={0} ",
        }) yield return Fill(way);
    }

    private static IEnumerable<string> Others()
    {
        foreach (var form in new[]
        {
            "<svg><script>{0}</script></svg>", "<svg><animate onbegin={0} attributeName=x dur=1s>", "<svg><a xlink:href=javascript:{0}><text y=9>x</text></a></svg>",
            "<svg><use href=\"data:image/svg+xml,<svg id=x onload={0}/>#x\"/></svg>", "<svg><set onbegin={0} attributename=x>",
            "<svg><foreignObject><img src=x onerror={0}></foreignObject></svg>", "<svg><style><img src=x onerror={0}></style></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={0}&gt;\">", "<math href=javascript:{0}>x</math>",
            "<div style=\"width:expression({0})\">", "<div style=\"background:url(javascript:{0})\">", "<style>*{{x:expression({0})}}</style>", "<p style=behavior:url(#default#time2)>{0}</p>",
            "{{{{7*7}}}}", "{{{{constructor.constructor('{0}')()}}}}", "${{{0}}}", "#{{{0}}}", "<%= {0} %>", "@({0})", "@{{{0}}}", "{{{{#with \"s\" as |x|}}}}{{{{x.sub.constructor}}}}{{{{/with}}}}", "[[${{{0}}}]]",
            "{{%- {0} -%}}", "*{{{0}}}",
            "&#60;script&#62;{0}&#60;/script&#62;", "&lt;script&gt;{0}&lt;/script&gt;", "&amp;lt;script&amp;gt;{0}", "%3Cscript%3E{0}%3C/script%3E", "\\u003cscript\\u003e{0}\\u003c/script\\u003e", "\\x3cscript\\x3e{0}",
            "+ADw-script+AD4-{0}+ADw-/script+AD4-",
        }) yield return Fill(form);
    }

    private static string Fill(string form) => form.Replace("{0}", Act, StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
}

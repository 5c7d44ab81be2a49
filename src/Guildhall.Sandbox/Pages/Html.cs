using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Guildhall.Sandbox.Pages;

/// <summary>Markup. An interpolated string becomes one with every value encoded, unless the value is markup itself.</summary>
internal readonly record struct Html(string Text)
{
    public static Html Of(ref Builder markup) => new(markup.Done());

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> show) => new(string.Concat(items.Select(item => show(item).Text)));

    public static Html When(bool shown, Html markup) => shown ? markup : default;

    public override string ToString() => Text ?? "";

    [InterpolatedStringHandler]
    internal ref struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder text = new(literalLength + 32 * formattedCount);

        public readonly void AppendLiteral(string literal) => text.Append(literal);

        public readonly void AppendFormatted(Html markup) => text.Append(markup.Text);

        public readonly void AppendFormatted<T>(T value) =>
            text.Append(WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));

        public readonly void AppendFormatted<T>(T value, string format) where T : IFormattable =>
            text.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

        public readonly string Done() => text.ToString();
    }
}

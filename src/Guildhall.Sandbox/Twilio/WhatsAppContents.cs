using System.Text.Json;

namespace Guildhall.Sandbox.Twilio;

/// <summary>The approved templates of the one WhatsApp sender there is; <c>{{1}}</c> stands for the first variable.</summary>
internal static class WhatsAppContents
{
    public const string Prefix = "whatsapp:", From = "whatsapp:+14155238886";

    private static readonly string[] Bodies =
    [
        "{{1}} confirms that this number is yours.", "{{1}} هو رمز تأكيد رقمك.", "{{1}} signs you in.", "{{1}} هو رمز تسجيل الدخول.", "{{1}} is your second step.",
        "{{1}} هو رمز خطوتك الثانية.",
        "This number was taken off an account.", "أُزيل هذا الرقم من حساب.", "This number now belongs to an account.", "أصبح هذا الرقم تابعًا لحساب.",
    ];

    /// <summary>The text that arrives; null when there is no such template.</summary>
    public static string? Fill(string sid, IReadOnlyDictionary<string, string> variables)
    {
        if (!sid.StartsWith("HX", StringComparison.Ordinal) || sid.Length != 34 || !int.TryParse(sid.AsSpan(2), out var number) || number < 1 || number > Bodies.Length) return null;
        return variables.Aggregate(Bodies[number - 1], (body, variable) => body.Replace("{{" + variable.Key + "}}", variable.Value, StringComparison.Ordinal));
    }

    /// <summary>The variables of a request: an object of texts.</summary>
    public static IReadOnlyDictionary<string, string>? Variables(string text)
    {
        if (text.Length == 0) return new Dictionary<string, string>();
        try { return JsonSerializer.Deserialize<Dictionary<string, string>>(text); }
        catch (JsonException) { return null; }
    }
}

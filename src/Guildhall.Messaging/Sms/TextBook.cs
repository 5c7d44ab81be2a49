using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging.Sms;

/// <summary>What one kind of text message says. Short: a part is 160 letters in English and 70 in Arabic.</summary>
/// <param name="IsAskedFor">The person waits for it this minute: tried although they answered STOP before.</param>
internal sealed record TextTemplate(string Name, string[] Facts, string En, string Ar, bool IsAskedFor = false)
{
    public string Fill(string language, IReadOnlyDictionary<string, string> facts) =>
        Rendering.Plain(language.StartsWith("ar", StringComparison.OrdinalIgnoreCase) ? Ar : En, facts).TrimEnd();
}

/// <summary>Every text message of the product. Each code says what it is for, so that whoever is talked into reading it out can notice.</summary>
internal static class TextBook
{
    /// <summary>The template; throws <see cref="ArgumentException"/> when there is none of that name.</summary>
    public static TextTemplate Get(string name) => All.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal)) ?? throw new ArgumentException($"There is no text {name}.", nameof(name));

    public static IReadOnlyList<TextTemplate> All { get; } =
    [
        new("phone_code", ["code"], "Guildhall: {code} confirms that this number is yours. It works for 10 minutes. We never ask you for it.",
            "Guildhall: الرمز {code} لتأكيد رقمك، يعمل 10 دقائق. لا نطلبه منك أبدًا.", IsAskedFor: true),
        new("sign_in_code", ["code"], "Guildhall: {code} signs you in. It works for 10 minutes. If you are not signing in, tell nobody and ignore this.",
            "Guildhall: الرمز {code} لتسجيل الدخول، يعمل 10 دقائق. لا تخبر به أحدًا.", IsAskedFor: true),
        new("second_step_code", ["code"], "Guildhall: {code} is your second step. It works for 10 minutes. If it was not you, change your password.",
            "Guildhall: الرمز {code} لخطوتك الثانية، يعمل 10 دقائق. إن لم تكن أنت فغيّر كلمة مرورك.", IsAskedFor: true),
        new("phone_taken_off", [], "Guildhall: this number was taken off an account. If it was not you, sign in with your e-mail and change your password.",
            "Guildhall: أُزيل هذا الرقم من حساب. إن لم تكن أنت فسجّل الدخول ببريدك وغيّر كلمة مرورك."),
        new("integration_test", [], "Guildhall: this is the test you asked for on the Integrations page. Text messages work.",
            "Guildhall: هذه رسالة الاختبار التي طلبتها. الرسائل النصية تعمل."),
        new(Texts.Notice, ["title", "link"], "Guildhall: {title} {link}", "Guildhall: {title} {link}"),
        new("phone_put_on", [], "Guildhall: this number now belongs to an account. If it was not you, write to support.",
            "Guildhall: أصبح هذا الرقم تابعًا لحساب. إن لم تكن أنت فراسل الدعم."),
    ];
}

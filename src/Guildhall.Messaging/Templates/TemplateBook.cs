namespace Guildhall.Messaging.Templates;

/// <summary>Every template of the product.</summary>
internal static class TemplateBook
{
    /// <summary>The template; throws <see cref="ArgumentException"/> when there is none of that name.</summary>
    public static Template Get(string name) => ByName.TryGetValue(name, out var template) ? template : throw new ArgumentException($"There is no template {name}.", nameof(name));

    public static IReadOnlyList<Template> All { get; } =
    [
        new("email_verification", ["link", "code"],
            new("Confirm your e-mail address", ["Hello {name}, confirm your address to start using your account.", "Your code is {code}. It works once, for a short time.",
                "If you did not sign up, ignore this message: nothing happens without the code."], "Confirm my address"),
            new("تأكيد عنوان بريدك الإلكتروني", ["مرحبًا {name}، أكّد عنوانك لتبدأ استخدام حسابك.", "رمزك هو {code}. يعمل مرة واحدة ولوقت قصير.",
                "إذا لم تسجّل أنت فتجاهل هذه الرسالة، فلن يحدث شيء بدون الرمز."], "تأكيد عنواني"), IsSecret: true),
        new("account_exists", ["link"],
            new("You already have an account", ["Hello {name}, somebody, perhaps you, tried to sign up with your address. You have an account already, so nothing was changed.",
                "If it was not you, you need not do anything."], "Sign in"),
            new("لديك حساب بالفعل", ["مرحبًا {name}، حاول شخص ما، ربما أنت، التسجيل بعنوانك. لديك حساب بالفعل، لذلك لم يتغيّر شيء.",
                "إذا لم تكن أنت فلا يلزمك فعل أي شيء."], "تسجيل الدخول")),
        new("session_ended_for_safety", ["link"],
            new("We signed a device out for your safety", ["Hello {name}, a used sign-in key of one of your devices was shown to us again. Somebody may have copied it, so that device was signed out.",
                "Sign in again there. If you do not recognise one of your devices, sign it out and change your password."], "See my devices"),
            new("سجّلنا خروج أحد أجهزتك حفاظًا على أمانك", ["مرحبًا {name}، استُخدم مفتاح دخول قديم لأحد أجهزتك مرة أخرى. ربما نسخه شخص ما، لذلك سجّلنا خروج ذلك الجهاز.",
                "سجّل الدخول عليه من جديد. إذا لم تتعرف على أحد أجهزتك فسجّل خروجه وغيّر كلمة مرورك."], "عرض أجهزتي")),
        new("booking_confirmed_customer", ["service", "when", "amount", "link"],
            new("Booked: {service}", ["Hello {name}, your payment of {amount} has arrived and {service} is booked.", "When: {when}"], "See my booking"),
            new("تم الحجز: {service}", ["مرحبًا {name}، وصلت دفعتك بقيمة {amount} وتم حجز {service}.", "الموعد: {when}"], "عرض حجزي")),
        new("booking_confirmed_provider", ["service", "when", "amount", "link"],
            new("New booking: {service}", ["Hello {name}, a customer has booked and paid {amount} for {service}.", "When: {when}"], "See the booking"),
            new("حجز جديد: {service}", ["مرحبًا {name}، حجز أحد العملاء {service} ودفع {amount}.", "الموعد: {when}"], "عرض الحجز")),
        new("booking_cancelled", ["service", "when", "reason", "link"],
            new("Cancelled: {service}", ["Hello {name}, {service} on {when} was cancelled.", "Reason: {reason}"], "See what happens next"),
            new("أُلغي: {service}", ["مرحبًا {name}، أُلغي {service} في {when}.", "السبب: {reason}"], "عرض الخطوة التالية")),
        new("payment_failed", ["service", "reason", "link"],
            new("Your payment did not go through", ["Hello {name}, the payment for {service} did not go through, and you were not charged.", "Reason: {reason}",
                "Your slot stays held for a few minutes. You can pay again."], "Pay again"),
            new("لم تتم عملية الدفع", ["مرحبًا {name}، لم تتم عملية الدفع مقابل {service} ولم يُخصم منك شيء.", "السبب: {reason}",
                "يبقى موعدك محجوزًا لبضع دقائق، ويمكنك الدفع مرة أخرى."], "الدفع مرة أخرى")),
        new("refund_completed", ["service", "amount", "link"],
            new("Refunded: {amount}", ["Hello {name}, {amount} for {service} is on its way back to the card you paid with.", "Banks take up to ten days to show it."], "See the refund"),
            new("تم رد المبلغ: {amount}", ["مرحبًا {name}، مبلغ {amount} مقابل {service} في طريقه إلى البطاقة التي دفعت بها.", "قد يستغرق ظهوره لدى البنك حتى عشرة أيام."], "عرض رد المبلغ")),
        new("refund_slot_gone", ["service", "when", "amount", "link"],
            new("Your slot was gone, your money comes back", ["Hello {name}, your payment arrived after the slot for {service} on {when} had gone to somebody else.",
                "We have sent {amount} back to the card you paid with. You need not do anything."], "Choose another time"),
            new("لم يعد الموعد متاحًا وسيعود إليك مالك", ["مرحبًا {name}، وصلت دفعتك بعد أن حجز شخص آخر موعد {service} في {when}.",
                "أعدنا {amount} إلى البطاقة التي دفعت بها. لا يلزمك فعل أي شيء."], "اختيار موعد آخر")),
        new("session_completed", ["service", "when", "link"],
            new("Completed: {service}", ["Hello {name}, {service} on {when} is complete."], "See the session"),
            new("اكتمل: {service}", ["مرحبًا {name}، اكتمل {service} في {when}."], "عرض الجلسة")),
        new("withdrawal_requested_staff", ["amount", "link"],
            new("A withdrawal of {amount} waits for you", ["Hello {name}, a provider has asked for {amount}. Somebody other than the provider has to decide."], "Decide"),
            new("طلب سحب بقيمة {amount} بانتظارك", ["مرحبًا {name}، طلب أحد مقدمي الخدمة سحب {amount}. يجب أن يقرر شخص آخر غيره."], "اتخاذ القرار")),
        new("withdrawal_approved", ["amount", "link"],
            new("Your withdrawal of {amount} was approved", ["Hello {name}, your withdrawal was approved and {amount} is being sent to your bank account."], "See the withdrawal"),
            new("تمت الموافقة على سحب {amount}", ["مرحبًا {name}، تمت الموافقة على طلبك ويجري إرسال {amount} إلى حسابك المصرفي."], "عرض طلب السحب")),
        new("withdrawal_rejected", ["amount", "reason", "link"],
            new("Your withdrawal of {amount} was not approved", ["Hello {name}, your withdrawal was not approved. {amount} is back in your balance.", "Reason: {reason}"], "See the withdrawal"),
            new("لم تتم الموافقة على سحب {amount}", ["مرحبًا {name}، لم تتم الموافقة على طلبك وعاد مبلغ {amount} إلى رصيدك.", "السبب: {reason}"], "عرض طلب السحب")),
        new("payout_completed", ["amount", "link"],
            new("{amount} has been paid out", ["Hello {name}, {amount} has been paid out to your bank account."], "See the payout"),
            new("تم تحويل {amount}", ["مرحبًا {name}، تم تحويل {amount} إلى حسابك المصرفي."], "عرض التحويل")),
        new("payout_returned", ["amount", "reason", "link"],
            new("A payout of {amount} came back", ["Hello {name}, your bank sent {amount} back. It is in your balance again.", "Reason: {reason}",
                "Check your bank details before you ask again."], "See the payout"),
            new("أُعيد تحويل بقيمة {amount}", ["مرحبًا {name}، أعاد المصرف مبلغ {amount} وهو الآن في رصيدك.", "السبب: {reason}",
                "تحقّق من بياناتك المصرفية قبل أن تطلب مرة أخرى."], "عرض التحويل")),
        new("new_message", ["link"],
            new("You have a new message", ["Hello {name}, somebody has written to you."], "Read it"),
            new("لديك رسالة جديدة", ["مرحبًا {name}، كتب إليك أحدهم."], "قراءة الرسالة")),
    ];

    private static readonly Dictionary<string, Template> ByName = All.ToDictionary(t => t.Name, StringComparer.Ordinal);
}

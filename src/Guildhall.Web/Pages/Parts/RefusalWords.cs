using Guildhall.Foundation;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Parts;

/// <summary>Refusals as people at a page read them. English is the module's own sentence; Arabic stands here by code.</summary>
internal static partial class RefusalWords
{
    private static readonly Dictionary<string, string> Arabic = new([.. TalkRefusals.Arabic, .. SiteRefusalWords.Arabic, .. SaleRefusalWords.Arabic, .. MessageRefusalWords.Arabic, .. ConsoleRefusalWords.Arabic], StringComparer.Ordinal)
    {
        ["not_found"] = "لا يوجد هنا ما يمكنك رؤيته. تحقق من العنوان.",
        ["sign_in_required"] = "سجّل الدخول أولًا ثم أعد المحاولة.",
        ["not_allowed"] = "لا يملك حسابك صلاحية لهذا. اطلبها من أحد المسؤولين.",
        ["antiforgery_failed"] = "هذا النموذج قديم أو جاء من موقع آخر. افتح الصفحة من جديد ثم أعد الإرسال.",
        ["RATE_LIMITED"] = "محاولات كثيرة. انتظر قليلًا ثم حاول مرة أخرى.",
        ["unavailable"] = "قاعدة البيانات لا تجيب. لم يتغيّر شيء. حاول بعد قليل.",
        ["try_again"] = "تزامن طلبك مع طلب آخر فأُلغي. حاول مرة أخرى.",
        ["timed_out"] = "استغرق الطلب وقتًا أطول من حده. حاول مرة أخرى، ولن يتكرر شيء.",
        ["internal_error"] = "حدث خطأ لدينا وسُجّل تحت رقم الطلب المذكور هنا.",
        ["idempotency_in_progress"] = "طلبك الأول ما زال قيد التنفيذ. أعد المحاولة بعد لحظة.",
        ["invalid_input"] = "بعض الحقول تحتاج إلى تصحيح.",
        ["sign_in_failed"] = "عنوان البريد أو كلمة المرور غير صحيحين.",
        ["sign_in_locked"] = "محاولات فاشلة كثيرة من هنا. انتظر قليلًا ثم حاول مرة أخرى.",
        ["sign_in_held"] = "بدت محاولة الدخول هذه غير معتادة فأوقفناها وكتبنا إلى صاحب الحساب. استخدم جهازًا دخلت منه من قبل، أو اختر كلمة مرور جديدة، أو انتظر ثم حاول.",
        ["quota_used_up"] = "استُنفدت حصتك لهذه الفترة. تبدأ من جديد في الوقت المذكور.",
        ["email_not_verified"] = "أكّد عنوان بريدك أولًا: استخدم الرابط أو الرمز الذي أرسلناه، أو اطلب رمزًا جديدًا.",
        ["account_suspended"] = "هذا الحساب موقوف. راسل الدعم للنظر في أمره.",
        ["password_too_weak"] = "يسهل تخمين كلمة المرور هذه. اختر أطول منها، مثل أربع كلمات لا صلة بينها.",
        ["password_breached"] = "كلمة المرور هذه معروفة من تسريب في مكان آخر. اختر واحدة لا تستخدمها في أي مكان.",
        ["password_used_before"] = "هذه إحدى كلمات مرورك الخمس الأخيرة. اختر كلمة جديدة.",
        ["current_password_wrong"] = "كلمة المرور الحالية غير صحيحة. أعد كتابتها، أو اطلب رابطًا عبر «نسيت كلمة المرور؟».",
        ["password_change_required"] = "اختر كلمة مرور جديدة أولًا: أرسلنا رابطًا إلى عنوانك.",
        ["password_reset_failed"] = "هذا الرابط خاطئ أو مستخدم أو قديم. اطلب رابطًا جديدًا.",
        ["verification_failed"] = "الرابط أو الرمز خاطئ أو مستخدم أو قديم. سجّل الدخول إن كان العنوان مؤكدًا، وإلا فاطلب رسالة جديدة.",
        ["passkey_refused"] = "لم يُقبل مفتاح المرور هذا أو مرّت أكثر من خمس دقائق. حاول مرة أخرى أو سجّل الدخول بطريقة أخرى.",
        ["passkey_not_added"] = "تعذّر التحقق من مفتاح المرور الجديد أو مرّت أكثر من خمس دقائق. ابدأ إضافته من جديد.",
        ["passkey_taken"] = "مفتاح المرور هذا مستخدم لحساب بالفعل. أضف واحدًا من جهاز أو مفتاح أمان آخر.",
        ["too_many_passkeys"] = "بلغ عدد مفاتيح المرور في هذا الحساب حدّه. أزل أولًا واحدًا لم تعد تستخدمه.",
        ["last_way_in"] = "هذه هي الطريقة الوحيدة لتسجيل الدخول إلى الحساب. عيّن كلمة مرور أو أضف مفتاح مرور آخر أولًا.",
        ["last_second_factor"] = "يتطلب دورك عاملًا ثانيًا وهذا هو الأخير. أضف غيره أولًا.",
        ["sign_in_busy"] = "كثيرون يسجلون الدخول الآن. حاول بعد لحظة.",
        ["challenge_failed"] = "الرمز أو الجواب خاطئ أو مستخدم أو متأخر. جرّب غيره أو سجّل الدخول من جديد.",
        ["method_not_offered"] = "لا يمكن الجواب بهذه الطريقة. اختر إحدى الطرق المعروضة.",
        ["second_step_locked"] = "إجابات خاطئة كثيرة لهذا الحساب. انتظر قليلًا أو استخدم مفتاح مرور.",
        ["too_many_codes"] = "لن تُرسل رموز أخرى لهذا الدخول. استخدم رمزًا وصلك أو طريقة أخرى، أو سجّل الدخول لاحقًا.",
        ["totp_not_started"] = "لا يوجد تطبيق ينتظر التأكيد أو انتظر طويلًا. ابدأ من جديد.",
        ["totp_code_wrong"] = "ليس هذا ما يعرضه التطبيق الآن. تحقق من ساعة هاتفك واكتب الرمز التالي.",
        ["no_second_factor"] = "لا يوجد تطبيق مصادقة ولا مفتاح مرور. أضف واحدًا أولًا.",
        ["link_invalid"] = "هذا الرابط تالف أو قديم. سجّل الدخول وانظر إلى أجهزتك.",
        ["step_up_required"] = "يلزم هنا إثبات جديد أنك أنت.",
        ["second_factor_needed"] = "يحتاج دورك إلى وسيلة تحقق ثانية. أضف واحدة وسيُفتح كل شيء.",
        ["phone_not_accepted"] = "لا يمكننا إرسال رموز إلى هذا الرقم. اكتب رقم هاتف محمول مع رمز بلده، مثل ‎+965 5000 0001.",
        ["phone_code_failed"] = "هذا الرمز خاطئ أو مستخدم أو قديم. حاول مرة أخرى أو اطلب رمزًا جديدًا.",
        ["phone_taken"] = "هذا الرقم تابع لحساب آخر. سجّل الدخول هناك أو راسل الدعم.",
        ["phone_sign_in_failed"] = "هذا الرمز خاطئ أو مستخدم أو قديم. حاول مرة أخرى أو اطلب رمزًا جديدًا.",
        ["sms_paused"] = "لا تُرسل الآن رموز إلى أرقام من هذا النطاق. حاول لاحقًا أو استخدم طريقة أخرى.",
        ["texts_used_up"] = "لن تُرسل رموز أخرى لتسجيل الدخول هذا. استخدم طريقة أخرى أو ابدأ من جديد لاحقًا.",
        ["sms_not_configured"] = "لا ترسل هذه المنصة رسائل نصية. استخدم طريقة أخرى.",
        ["preference_mandatory"] = "لا يمكن إيقاف هذه الرسائل هناك: فهي عن أمانك أو أموالك أو مواعيدك، ولن تعلم بها من دونها.",
        ["preferences_invalid"] = "اذكر كل نوع وقناة مرة واحدة.",
        ["quiet_hours_invalid"] = "تبدأ ساعات الهدوء وتنتهي في وقتين مختلفين من اليوم، مثل 22:00.",
        ["unsubscribe_link_invalid"] = "هذا الرابط ليس من روابطنا أو مضى عليه أكثر من 90 يومًا. لم يتغيّر شيء. سجّل الدخول واختر ما نكتبه إليك في صفحة الإشعارات.",
        ["delivery_not_found"] = "لا توجد رسالة كهذه في السجل.",
        ["delivery_not_retryable"] = "لا يُعاد إلا إرسال بريد أو إشعار لم يستلمه أحد بالتأكيد: انظر إلى آخر سطر. لا يُعاد ما ربما وصل أو أوقفه صاحبه أو لم يعد ينفع.",
        ["template_not_found"] = "لا يوجد قالب كهذا أو إصدار كهذا منه.",
        ["template_invalid"] = "اكتب السبب من 3 إلى 500 حرف. الموضوع سطر واحد، والنص 12000 حرف على الأكثر.",
        ["template_broken"] = "لا يمكن نشر هذا الإصدار: فيه معلومات غير موجودة أو تنقصه معلومات لازمة أو فيه قوس مفتوح.",
        ["template_changed_meanwhile"] = "نشر شخص آخر إصدارًا غيره. انظر إليه ثم قرر من جديد.",
        ["suppression_not_found"] = "ليس هذا العنوان في قائمة العناوين الموقوفة، أو رُفع منها.",
        ["suppression_reason_missing"] = "اكتب سبب رفع العنوان، من 3 إلى 500 حرف.",
        ["only_looking"] = "تنظر إلى الموقع بصفة شخص آخر. لا يمكن تغيير شيء حتى تتوقف.",
        ["invitation_failed"] = "هذه الدعوة خاطئة أو مستخدمة أو ملغاة أو قديمة. اطلب دعوة جديدة ممن دعاك.",
        ["invitation_sign_in_first"] = "لهذا العنوان حساب بالفعل. سجّل الدخول إليه ثم افتح رابط الدعوة من جديد.",
        ["invitation_of_another"] = "هذه الدعوة لعنوان آخر. سجّل الخروج أو ادخل بالحساب الذي أُرسلت إليه.",
        ["secret_as_password"] = "لا يمكن أن يكون رمز الرابط كلمة مرورك. اختر كلمة أخرى.",
        ["export_under_way"] = "نسخة قيد الإعداد بالفعل. سنخبرك عندما تجهز.",
        ["erasure_not_possible"] = "لا يمكن محو الحساب بعد. ما يمنع ذلك مذكور هنا.",
        ["erasure_waiting"] = "طُلب محو هذا الحساب بالفعل.",
        ["erasure_not_waiting"] = "لا يوجد طلب محو بانتظار التنفيذ.",
        ["erasure_password_wrong"] = "كلمة المرور خاطئة. لم يُطلب شيء.",
        ["already_a_provider"] = "لهذا الحساب ملف مقدّم خدمة بالفعل، ومكتبه مفتوح.",
        ["application_open"] = "طلبك قيد النظر. اسحبه لترسل غيره.",
        ["application_not_found"] = "لا يوجد هنا طلب يمكنك رؤيته.",
        ["application_decided"] = "تقرر هذا الطلب أو سُحب بالفعل؛ انظر حالته.",
        ["SESSION_EXPIRED"] = "انتهت هذه الجلسة. سجّل الدخول من جديد.",
        ["service_not_found"] = "لا توجد خدمة كهذه. ربما أزيلت من السوق.",
        ["provider_not_found"] = "لا يوجد مقدّم خدمة كهذا.",
        ["not_a_provider"] = "المكتب لمقدّمي الخدمات فقط، وليس لحسابك ملف مقدّم خدمة.",
        ["slot_not_offered"] = "لا يقدّم هذا الوقت. اختر أحد الأوقات المتاحة.",
        ["slot_unavailable"] = "سبقك شخص آخر إلى هذا الموعد. اختر موعدًا آخر من المتاح.",
        ["own_service"] = "لا يمكنك أن تحجز لدى نفسك.",
        ["too_many_holds"] = "لديك العدد الأقصى من المواعيد غير المدفوعة. ادفع أحدها أو ألغه أولًا.",
        ["too_many_holds_of_one"] = "لديك العدد الأقصى من المواعيد غير المدفوعة لدى مقدّم الخدمة هذا. ادفع أحدها أو ألغه أولًا.",
        ["too_many_lapsed_holds"] = "حجزت مواعيد كثيرة ولم تدفع أيًا منها فلم يتمكن غيرك من أخذها. احجز من جديد بعد الوقت المذكور هنا.",
        ["booking_not_found"] = "لا يوجد هنا حجز يمكنك رؤيته.",
        ["booking_not_cancellable"] = "انتهى هذا الحجز بالفعل؛ انظر حالته.",
        ["cancellation_terms_changed"] = "تغيّر المبلغ الذي سيُرد منذ أن نظرت. الشروط الحالية أدناه.",
        ["booking_changed"] = "تغيّر هذا الحجز منذ أن نظرت. حالته الآن أمامك؛ قرر من جديد.",
        ["booking_not_movable"] = "لا يُنقل إلا حجز مدفوع لم يبدأ؛ انظر حالته.",
        ["move_too_late"] = "فات وقت نقل هذا الحجز. اسأل الطرف الآخر في المحادثة أو ألغِ بحسب الشروط.",
        ["too_many_moves"] = "نقلت هذا الحجز بعدد المرات المسموح. اسأل الطرف الآخر في المحادثة أو ألغِ بحسب الشروط.",
        ["same_time"] = "هذا هو موعد الحجز بالفعل. اختر غيره.",
        ["only_the_customer"] = "لا يستطيع ذلك إلا العميل.",
        ["request_note_invalid"] = "الملاحظة لمقدّم الخدمة 500 حرف على الأكثر.",
        ["nothing_masked"] = "لا شيء مما كتبته هنا مخفي عن أحد.",
        ["absence_too_early"] = "انتظر قليلًا، ربما تأخر فقط. يمكنك قول ذلك ابتداءً من الوقت المذكور.",
        ["absence_too_late"] = "انتهى وقت قول ذلك. راسل الدعم.",
        ["absence_not_found"] = "لا يوجد هنا تقرير يمكنك الرد عليه.",
        ["absence_ended"] = "هذا التقرير لدى فريقنا أو سُوّي أو سُحب بالفعل؛ انظر حالته.",
        ["absence_open"] = "قيل إن أحدًا لم يحضر. أجب عن ذلك أولًا؛ ولا يُخصم شيء حتى يُسوّى.",
        ["booking_not_over"] = "هذا الحجز لم يحن بعد. عند انتهائه يمكن حجزه مرة أخرى من هنا.",
        ["review_invalid"] = "التقييم من نجمة إلى خمس نجوم ونصه 2000 حرف على الأكثر، والجواب من 1 إلى 2000 حرف.",
        ["review_not_possible"] = "لا يُقيَّم إلا حجز مكتمل لم يُردّ ماله؛ انظر حالته.",
        ["review_closed"] = "نُشر تقييما هذا الحجز أو انتهى وقتهما. يبقيان كما هما.",
        ["booking_review_not_found"] = "لا يوجد هنا تقييم يمكنك التصرف فيه.",
        ["review_replied"] = "لهذا التقييم جواب بالفعل. هو واحد ويبقى.",
        ["note_too_long"] = "الملاحظة 1000 حرف على الأكثر.",
        ["booking_not_confirmed"] = "لا يبدأ أو يكتمل إلا حجز مؤكد؛ انظر حالته.",
        ["booking_not_started"] = "لم تبدأ الجلسة بعد. أكملها بعد موعد بدئها.",
        ["only_the_provider"] = "لا يستطيع ذلك إلا مقدّم الخدمة.",
        ["not_a_visit"] = "العنوان ورمز الوصول للزيارات فقط، وهذا الحجز استشارة.",
        ["visit_address_invalid"] = "العنوان من 5 إلى 300 حرف والملاحظات 300 حرف على الأكثر؛ وللنقطة خط عرض وخط طول بالدرجات.",
        ["visit_over"] = "وصل الفني بالفعل أو انتهى هذا الحجز؛ انظر حالته.",
        ["visit_too_early"] = "الوقت مبكر لذلك. يمكنك قول إنك في الطريق وتسجيل الوصول قبل الموعد بساعتين.",
        ["visit_minutes_invalid"] = "اكتب بعد كم دقيقة تصل: من 1 إلى 300.",
        ["visit_told_often"] = "أُبلغ العميل بما يكفي. راسله في المحادثة.",
        ["visit_code_invalid"] = "رمز الوصول ستة أرقام، ويجده العميل في صفحة حجزه.",
        ["visit_code_wrong"] = "هذا ليس رمز هذه الزيارة. اطلب من العميل أن يقرأه لك مجددًا.",
        ["visit_code_locked"] = "رموز خاطئة كثيرة. اطلب من العميل إنشاء رمز جديد في صفحة حجزه.",
        ["visit_codes_spent"] = "استُخدم العدد المسموح من الرموز لهذه الزيارة. أكملها دون رمز واكتب وقت وصولك في المحادثة.",
        ["hours_invalid"] = "الأوقات أزواج مثل 09:00 و17:00 (و24:00 نهاية اليوم)، البداية قبل النهاية ودون تداخل.",
        ["exception_overlaps"] = "لذلك اليوم استثناء في هذه الساعات. احذفه أولًا.",
        ["calendar_not_found"] = "لا يوجد تقويم في هذا العنوان. ربما جدّده صاحبه أو ألغاه.",
        ["calendar_link_not_found"] = "لا يوجد لديك تقويم كهذا.",
        ["calendar_name_invalid"] = "سمِّ التقويم باسم من 1 إلى 60 حرفًا، مثل Google.",
        ["calendar_address_not_allowed"] = "لا يمكن استخدام هذا العنوان. اكتب عنوان https لملف تقويم على الإنترنت العام.",
        ["too_many_calendars"] = "بلغت العدد الأقصى من التقاويم هنا. احذف واحدًا أولًا.",
        ["nonexistent_local_time"] = "تتخطى الساعات هذا الوقت في ذلك اليوم. اختر أول وقت صالح بعده.",
        ["ambiguous_local_time"] = "تعرض الساعات هذا الوقت مرتين في ذلك اليوم. أرسل الوقت المقصود مع فارقه.",
        ["start_invalid"] = "اكتب التاريخ والوقت، مثل 10:00.",
        ["service_changed"] = "تغيّرت هذه الخدمة منذ أن نظرت. انظر إليها من جديد ثم غيّرها.",
        ["too_many_services"] = "بلغت العدد الأقصى من الخدمات. غيّر واحدة لم تعد تحتاجها.",
        ["category_not_found"] = "لا توجد فئة كهذه قيد الاستخدام. اختر من القائمة.",
        ["category_invalid"] = "للفئة اسم في العناوين (أحرف صغيرة وأرقام وشرطات) واسم بكل من اللغتين حتى 60 حرفًا، وترتيب من 0 إلى 9999.",
        ["place_invalid"] = "اكتب خط العرض (من -90 إلى 90) وخط الطول (من -180 إلى 180) بالدرجات، أو اتركهما فارغين.",
        ["search_currency_missing"] = "تُقارن الأسعار بعملة واحدة. اختر العملة أولًا.",
        ["search_price_invalid"] = "اكتب الأسعار بالأرقام، مثل 12.500.",
        ["search_point_missing"] = "تحتاج المسافات إلى نقطة: خط عرض وخط طول بالدرجات، ومن 1 إلى 500 كم.",
        ["search_days_out_of_range"] = "ابحث في 1 إلى 62 يومًا لم تنتهِ، أولها قبل آخرها.",
        ["chat_closed"] = "أُغلقت هذه المحادثة. يبقى ما كُتب مقروءًا.",
        ["message_invalid"] = "في الرسالة من 1 إلى 4000 حرف.",
        ["reason_too_long"] = "السبب 500 حرف على الأكثر.",
        ["order_not_open"] = "لم يعد ممكنًا دفع هذا الطلب. انظر حالته.",
        ["payment_in_review"] = "يراجع فريقنا هذه الدفعة قبل أن تتمكن من الدفع. لم يُخصم شيء، وموعدك محفوظ حتى الوقت المذكور. سنكتب إليك فور اتخاذ القرار.",
        ["payment_not_accepted"] = "لا يمكننا قبول هذه الدفعة عبر الإنترنت. لم يُخصم شيء. راسلنا إن رأيت في ذلك خطأ.",
        ["saved_method_not_found"] = "لا توجد هنا بطاقة محفوظة يمكنك رؤيتها.",
        ["saved_method_removed"] = "أُزيلت هذه البطاقة. لم يُخصم شيء. اختر بطاقة أخرى أو ادفع في صفحة الدفع.",
        ["saved_method_expired"] = "انتهت صلاحية هذه البطاقة. لم يُخصم شيء. أزلها وادفع في صفحة الدفع واحتفظ بالجديدة هناك.",
        ["saved_method_elsewhere"] = "تحتفظ بهذه البطاقة شركة لا تستقبل هذه الدفعة. لم يُخصم شيء. ادفع في صفحة الدفع.",
        ["saved_method_blocked"] = "هذا الحساب موقوف فلا يُخصم من بطاقاته شيء. راسلنا إن رأيت في ذلك خطأ.",
        ["saved_method_refused"] = "رُفضت بطاقتك؛ السبب مذكور هنا. لم يُخصم شيء. اختر بطاقة أخرى أو ادفع في صفحة الدفع.",
        ["saved_method_not_possible"] = "شركة الدفع لهذه العملة لا تحتفظ بالبطاقات. ادفع دون الاحتفاظ ببطاقتك.",
        ["saved_methods_full"] = "لا يمكن الاحتفاظ ببطاقات أكثر. أزل واحدة أولًا أو ادفع دون الاحتفاظ بهذه.",
        ["order_expired"] = "انتهى وقت دفع هذا الطلب. اختر موعدًا من جديد.",
        ["order_paid"] = "هذا الطلب مدفوع.",
        ["payment_in_progress"] = "هناك دفعة جارية لهذا الطلب. تابعها أو ابدأ من جديد.",
        ["payment_not_cancellable"] = "انتهت هذه الدفعة فلا شيء لإلغائه.",
        ["payments_unavailable"] = "بوابة الدفع لا تجيب. لم يُخصم شيء. حاول بعد دقيقة.",
        ["gateway_refused"] = "رفضت بوابة الدفع الطلب. لم يُخصم شيء.",
        ["amount_not_positive"] = "اكتب مبلغًا أكبر من الصفر.",
        ["amount_not_representable"] = "لا تستطيع البوابة تحويل هذا المبلغ بدقة. استخدم مضاعفًا للخطوة المذكورة.",
        ["balance_too_low"] = "لا يمكن سحب أكثر من الرصيد المتاح.",
        ["destination_missing"] = "قل أولًا إلى أين يذهب المال: أضف بيانات حسابك المصرفي.",
        ["destination_cooling_off"] = "تغيّرت بيانات الحساب قبل وقت قصير. لأمانك ينتظر أول سحب إلى الوقت المذكور.",
        ["destination_invalid"] = "بيانات الحساب غير صحيحة. تحقق من الاسم ورقم الحساب؛ ودون آيبان تلزم الدولة ورمز البنك أيضًا.",
        ["paypal_address_invalid"] = "هذا ليس عنوانًا تدفع إليه PayPal. اكتب بريد حساب PayPal بحروف لاتينية، مثل name@example.com.",
        ["mpesa_number_invalid"] = "هذا ليس رقمًا تدفع إليه M-Pesa. اكتب رقم هاتف كيني محمول، مثل 254712345678 أو 0112345678.",
        ["destination_not_offered"] = "لا يُرسل المال من هنا إلى هناك. اختر إحدى الطرق المذكورة.",
        ["destination_other_currency"] = "لا يمكن إرسال المال بهذه العملة إلى هذه الوجهة. حدّد وجهة أخرى، كحساب مصرفي، ثم اطلب من جديد.",
        ["withdrawal_not_pending"] = "سبق البت في طلب السحب هذا.",
    };

    private static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["password_too_weak"] = "password", ["totp_code_wrong"] = "code", ["challenge_failed"] = "code", ["verification_failed"] = "code",
        ["destination_invalid"] = "account", ["paypal_address_invalid"] = "paypal", ["mpesa_number_invalid"] = "mpesa", ["destination_other_currency"] = "amount",
        ["phone_not_accepted"] = "phone", ["phone_code_failed"] = "code", ["phone_sign_in_failed"] = "code",
        ["password_breached"] = "password", ["password_used_before"] = "password", ["current_password_wrong"] = "currentPassword",
        ["amount_not_positive"] = "amount", ["amount_not_representable"] = "amount", ["balance_too_low"] = "amount",
    };

    // The sentences that name a field, to who reads Arabic.
    private static readonly Dictionary<string, string> ArabicFields = new(StringComparer.Ordinal)
    {
        ["This is not an e-mail address we can write to."] = "لا نستطيع مراسلة هذا العنوان.",
        ["A name has 1 to 60 characters."] = "الاسم من 1 إلى 60 حرفًا.",
        ["A name has no addresses and no markup."] = "لا يكون في الاسم عنوان ولا رموز برمجية.",
        ["A name has no invisible characters."] = "لا تكون في الاسم محارف خفية.",
        ["The password has a broken character. Type it again."] = "في كلمة المرور محرف تالف. اكتبها من جديد.",
        ["A password has at most 256 characters."] = "كلمة المرور 256 حرفًا على الأكثر.",
        ["A password has at least 15 characters. Four unrelated words are easy to keep and hard to guess."] = "كلمة المرور 15 حرفًا على الأقل. أربع كلمات لا رابط بينها سهلة الحفظ صعبة التخمين.",
        ["A password has at least 8 characters. Four unrelated words are easy to keep and hard to guess."] = "كلمة المرور 8 أحرف على الأقل. أربع كلمات لا رابط بينها سهلة الحفظ صعبة التخمين.",
        ["A name has 1 to 100 characters, no addresses and no markup."] = "الاسم من 1 إلى 100 حرف، بلا عناوين ولا رموز برمجية.",
        ["Say what you offer, in 1 to 1000 characters."] = "قل ماذا تقدّم، في 1 إلى 1000 حرف.",
        ["Tell customers about you, in 1 to 4000 characters."] = "عرّف العملاء بنفسك، في 1 إلى 4000 حرف.",
        ["Only consultations are sold by the minute: they are measured in calls."] = "الاستشارات وحدها تُباع بالدقيقة لأنها تُقاس في المكالمات.",
        ["The country has two letters, such as KW."] = "رمز الدولة حرفان مثل KW.",
        ["A phone number in international form, such as +96512345678."] = "رقم هاتف بالصيغة الدولية مثل +96512345678.",
    };

    /// <summary>The sentence for a reader, with what it points at: a page has no header and no member of the answer to look into.</summary>
    public static string Say(Refusal refusal, string language)
    {
        var said = language == "ar" && InArabic(refusal.Code) is { } sentence ? sentence : refusal.Sentence;
        if (refusal.RetryAfterSeconds is { } seconds)
            return language == "ar" ? $"{said} المتبقي: {Wait(seconds, "ثانية", "دقيقة")}." : said.Replace("as long as Retry-After says", Wait(seconds, "seconds", "minutes"), StringComparison.Ordinal);
        return More(refusal) is { } more ? $"{said} ({more})" : said;
    }

    private static string Wait(int seconds, string inSeconds, string inMinutes) => seconds < 120 ? $"{seconds} {inSeconds}" : $"{(seconds + 59) / 60} {inMinutes}";

    private static string? More(Refusal refusal)
    {
        foreach (var name in (ReadOnlySpan<string>)["step", "limit", "left", "permission", "why"])
            if (refusal.Details?.GetValueOrDefault(name) is { } value and (Amount or string)) return value is Amount amount ? amount.Words() : (string)value;
        return null;
    }

    /// <summary>The errors of a form by field; those of the whole form stand under the empty name.</summary>
    public static IReadOnlyDictionary<string, string> Errors(Refusal refusal, string language) =>
        refusal.Details?.GetValueOrDefault("fields") is IReadOnlyDictionary<string, string> named
            ? language == "ar" ? named.ToDictionary(n => n.Key, n => FieldInArabic(n.Value) ?? n.Value, StringComparer.Ordinal) : named
            : new Dictionary<string, string>(StringComparer.Ordinal) { [Fields.GetValueOrDefault(refusal.Code, "")] = Say(refusal, language) };

    public static string Title(Refusal refusal, string language)
    {
        var (en, ar) = refusal.Status switch
        {
            401 => ("Please sign in", "يرجى تسجيل الدخول"),
            403 => ("This is not yours to do", "هذا ليس متاحًا لك"),
            404 => ("We could not find that page", "لم نعثر على هذه الصفحة"),
            409 => ("That cannot be done now", "لا يمكن فعل ذلك الآن"),
            429 => ("Too fast", "بسرعة زائدة"),
            503 or 504 => ("We are busy for a moment", "نحن مشغولون للحظة"),
            >= 500 => ("Something went wrong on our side", "حدث خطأ لدينا"),
            _ => ("That did not work", "لم ينجح ذلك"),
        };
        return language == "ar" ? ar : en;
    }
}

using Guildhall.Content.Text;

namespace Guildhall.Content.Seed;

/// <summary>What the demo site says.</summary>
internal static class DemoTexts
{
    public static IReadOnlyList<DemoText> All { get; } =
    [
        new(ContentKind.Site,
            new("Good people, booked and paid without worry", "Guildhall keeps your payment until the work is done. Questions? [Write to us](mailto:hello@example.test).",
                Summary: "Choose a time that suits you. We hold your payment and pass it on only when the work is done."),
            new("أناس أكفاء، حجز ودفع بلا قلق", "تحتفظ غيلدهول بدفعتك حتى إتمام العمل. لديك سؤال؟ [راسلنا](mailto:hello@example.test).", Summary: "اختر وقتًا يناسبك. نحتفظ بدفعتك ولا نسلّمها إلا بعد إتمام العمل."), "site"),
        new(ContentKind.Menu, new("Foot", "About us | /en/pages/about\nHow your money is kept | /en/pages/your-money\nOur work | /en/projects\nPosts | /en/posts"),
            new("أسفل الصفحة", "من نحن | /ar/pages/من-نحن\nكيف نحفظ مالك | /ar/pages/مالك\nأعمالنا | /ar/projects\nمقالات | /ar/posts"), "footer"),
        new(ContentKind.Menu, new("Head", "Posts | /en/posts"), new("أعلى الصفحة", "مقالات | /ar/posts"), "header"),
        new(ContentKind.Page,
            new("About us", "We began as a list of phone numbers that friends passed on: *somebody good for the boiler, somebody good for a contract*.\n\nWhat was missing was trust between people who had never met. So the list "
                + "became a house with rules:\n\n"
                + "- whoever offers something here was looked at by a person,\n- money waits with us until the work is done,\n- both sides say afterwards how it went.\n\n# Where we are\n\nOur people work in Kuwait, India, "
                + "Ireland and the United States, each by their own clock.",
                "about", "Who we are, and why money waits with us."),
            new("من نحن", "بدأنا قائمة أرقام يتناقلها الأصدقاء: *فنيّ جيد للتكييف، ومحامٍ جيد للعقود*.\n\nكان ينقصنا ثقة بين أناس لم يلتقوا. فصارت القائمة بيتًا له قواعد:\n\n- كل من يعرض خدمة هنا نظر إليه إنسان،\n- المال ينتظر "
                + "عندنا حتى إتمام العمل،\n- يقول الطرفان بعدها كيف سار الأمر.",
                "من-نحن", "من نحن، ولماذا ينتظر المال عندنا.")),
        new(ContentKind.Page,
            new("How your money is kept", "1. You pay when you book.\n2. The money waits with us. Neither we nor the provider can use it.\n3. When the work is done, it is passed on, less our fee.\n\n| if | then |\n|---|---|\n| "
                + "you cancel in time | everything comes back |\n"
                + "| nobody comes | everything comes back |\n| you disagree | a person decides, and both sides read why |", "your-money", "What happens between your payment and theirs."),
            new("كيف نحفظ مالك", "1. تدفع عند الحجز.\n2. ينتظر المال عندنا، لا نستخدمه نحن ولا مقدّم الخدمة.\n3. عند إتمام العمل يُسلَّم بعد خصم عمولتنا.", "مالك", "ما يحدث بين دفعتك ودفعتهم.")),
        new(ContentKind.Post,
            new("Before the summer: six things your air conditioner wants", "Noura has opened some four thousand units. She says it is nearly always the same six things.\n\n1. **Filters.** Every month from April on.\n2. **The "
                + "drain.** Pour a cup of water in and see whether it leaves.\n3. **The outdoor unit.** "
                + "Half a metre of air around it.\n4. **The thermostat.** 24 °C costs a fifth less than 20 °C.\n5. **Noise.** A new noise is a cheap repair; an old one is not.\n6. **Gas.** It does not wear out. Who refills it "
                + "every year has a leak.\n\n> A unit that is cleaned twice a year lives twice as long.",
                "six-things-for-your-air-conditioner", "A technician with eleven years of Kuwaiti summers on what fails, and when."),
            new("قبل الصيف: ستة أشياء يريدها مكيّفك", "فتحت نورة نحو أربعة آلاف وحدة، وتقول إنها الأشياء الستة ذاتها دائمًا تقريبًا.\n\n1. **الفلاتر**: كل شهر من أبريل.\n2. **الصرف**: صبّ كوب ماء وانظر هل يخرج.\n3. **الوحدة "
                + "الخارجية**: نصف متر من الهواء حولها.\n4. **الحرارة**: 24 درجة أوفر بالخُمس من 20.",
                "ستة-أشياء-لمكيفك", "فنية بخبرة أحد عشر صيفًا كويتيًا عمّا يتعطل ومتى.")),
        new(ContentKind.Post,
            new("Why both sides review each other blind", "If you could read what the other side wrote before you write, you would answer it. So nobody can: both reviews appear at the same moment, or after fourteen "
                + "days.\n\nSince we do it this way, *four* stars have become usual, and five mean something again.",
                "blind-reviews", "Honest words need that nobody answers them first."), Next: new("Why both sides review each other blind",
                "If you could read what the other side wrote before you write, you would answer it. So nobody can: both reviews appear at the same moment, or after fourteen days.\n\n"
                + "Since we do it this way, *four* stars have become usual, and five mean something again. Figures of the autumn follow.", "blind-reviews", "Honest words need that nobody answers them first.")),
        new(ContentKind.Post, new("What a consultation costs, and why", "A draft. Only staff see it.", "what-a-consultation-costs", "From seven dinars to ninety euros: what lies between."), IsPublic: false),
        new(ContentKind.Project,
            new("A clinic in Salmiya that stays at 22 degrees", "Six split units, two of them never cold. Noura measured for a day, moved one outdoor unit by a metre and cleaned the rest.\n\n- **Before:** 27 °C in the waiting "
                + "room at noon\n- **After:** 22 °C, and a bill lower by 18 %", "clinic-in-salmiya",
                "Six units, two of them never cold."),
            new("عيادة في السالمية تبقى على 22 درجة", "ست وحدات، اثنتان منها لا تبردان. قاست نورة يومًا كاملًا، وحرّكت وحدة خارجية مترًا واحدًا، ونظّفت الباقي.\n\n- **قبل:** 27 درجة ظهرًا\n- **بعد:** 22 درجة، وفاتورة أقل بنسبة "
                + "18٪", "عيادة-السالمية", "ست وحدات، اثنتان منها لا تبردان.")),
        new(ContentKind.Project, new("Forty contracts for a bakery", "Every employee had another contract, two had none. Omar made one that all could read, in Arabic and English side by side, and sat with each of them.",
            "forty-contracts", "One contract that everybody can read.")),
        new(ContentKind.Testimonial, new("Dana A.", "He read my lease line by line and found the clause that would have cost me a year's rent.", Summary: "rented a shop in Hawally"),
            new("دانة أ.", "قرأ عقد الإيجار سطرًا سطرًا ووجد البند الذي كان سيكلفني إيجار سنة.", Summary: "استأجرت محلًا في حولّي")),
        new(ContentKind.Testimonial, new("Rahul M.", "She came at eight, as she had said, and showed me the part that had failed.", Summary: "two split units"), new("راهول م.",
            "جاءت في الثامنة كما قالت، وأرتني القطعة التي تعطلت.", Summary: "وحدتا تكييف")),
        new(ContentKind.Testimonial, new("Siobhán K.", "I cancelled, the money was back the same day. **That** is why I booked again.", Summary: "career coaching")),
    ];

    public static DemoText OfService { get; } = new(ContentKind.ServiceText,
        new("Good to know", "Bring the paper, or a photograph of it. A question about *one* clause fits into the time; for a whole contract choose **Contract review**.\n\nWhat is said here stays between the two of you."),
        new("من المفيد أن تعرف", "أحضر الورقة أو صورة منها. سؤال عن بند واحد يكفيه الوقت؛ ولعقد كامل اختر **مراجعة عقد**.\n\nما يقال هنا يبقى بينكما."));
}

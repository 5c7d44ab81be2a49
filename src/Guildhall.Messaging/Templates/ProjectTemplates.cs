using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What the sides of a client project are told.</summary>
internal static class ProjectTemplates
{
    public static IReadOnlyList<Template> All { get; } =
    [
        new("client_project_opened", MessageCategory.Bookings, ["project", "provider", "link"],
            new("A project for you: {project}", ["Hello {name}, {provider} has opened the project {project} for you.", "You see its milestones there, add files, and say when something is as you wish it."], "See the project"),
            new("مشروع لك: {project}", ["مرحبًا {name}، فتح {provider} المشروع {project} لك.", "ترى فيه مراحله وتضيف ملفات وتقول متى يكون العمل كما تريد."], "عرض المشروع")),
        new("milestone_delivered", MessageCategory.Bookings, ["project", "milestone", "provider", "link"],
            new("Delivered: {milestone}", ["Hello {name}, {provider} has delivered {milestone} of the project {project}.", "Look at it, then accept it or say what should be different."], "Look at it"),
            new("تم التسليم: {milestone}", ["مرحبًا {name}، سلّم {provider} المرحلة {milestone} من المشروع {project}.", "اطّلع عليها ثم اقبلها أو قل ما الذي تريده مختلفًا."], "الاطلاع عليها")),
        new("milestone_accepted", MessageCategory.Bookings, ["project", "milestone", "link"],
            new("Accepted: {milestone}", ["Hello {name}, your client has accepted {milestone} of the project {project}.", "If it has an amount, you can invoice it now."], "See the project"),
            new("تم القبول: {milestone}", ["مرحبًا {name}، قبل عميلك المرحلة {milestone} من المشروع {project}.", "إن كان لها مبلغ فيمكنك إصدار فاتورتها الآن."], "عرض المشروع")),
        new("milestone_changes_requested", MessageCategory.Bookings, ["project", "milestone", "link"],
            new("Changes requested: {milestone}", ["Hello {name}, your client asks for changes to {milestone} of the project {project}.", "What they wrote stands with the project."], "Read what they ask for"),
            new("طُلبت تعديلات: {milestone}", ["مرحبًا {name}، يطلب عميلك تعديلات على المرحلة {milestone} من المشروع {project}.", "ما كتبه موجود مع المشروع."], "قراءة المطلوب")),
    ];
}

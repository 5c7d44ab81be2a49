namespace Guildhall.Web.Components.Forms;

/// <summary>One primary act per page; danger for what takes something away.</summary>
public enum ButtonKind { Plain, Primary, Danger, Quiet }

internal static class ButtonKinds
{
    internal static string Class(ButtonKind kind, bool small, bool wide) => "button" + kind switch
    {
        ButtonKind.Plain => "",
        ButtonKind.Primary => " is-primary",
        ButtonKind.Danger => " is-danger",
        ButtonKind.Quiet => " is-quiet",
    } + (small ? " is-small" : "") + (wide ? " is-wide" : "");
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Audit;

namespace Guildhall.Tests.Architecture;

/// <summary>Who calls whom in the product, read from its compiled code: lambdas, local functions and async methods included, calls through interfaces not.</summary>
internal static partial class CallGraph
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);
    private static readonly ConcurrentDictionary<MethodBase, (MethodBase[] Calls, string[] Texts)> Read = new();

    /// <summary>Names of the entries that are written to the audit trail by what this method leads to.</summary>
    public static IReadOnlyCollection<string> Audits(MethodBase from)
    {
        var (found, seen, open) = (new SortedSet<string>(StringComparer.Ordinal), new HashSet<MethodBase>(), new Stack<MethodBase>([from]));
        while (open.TryPop(out var method))
        {
            if (!seen.Add(method)) continue;
            var (calls, texts) = Read.GetOrAdd(method, static m => Body(m));
            if (calls.Any(c => c.DeclaringType == typeof(AuditTrail)))
            {
                var named = texts.Where(t => Action().IsMatch(t)).ToArray();
                found.UnionWith(named.Length > 0 ? named : [$"({method.DeclaringType!.Name})"]);
            }
            foreach (var call in calls.Where(IsOurs)) open.Push(call);
        }
        return found;
    }

    // Refusals and infrastructure lead everywhere and nowhere.
    private static bool IsOurs(MethodBase method) => method.DeclaringType is { } type && type != typeof(AuditTrail) && !type.IsInterface
        && type.Assembly.GetName().Name is { } name && (name.StartsWith("Guildhall.", StringComparison.Ordinal) || name is "guildhall") && !name.EndsWith("Tests", StringComparison.Ordinal);

    private static (MethodBase[] Calls, string[] Texts) Body(MethodBase method)
    {
        var (calls, texts) = (new List<MethodBase>(), new List<string>());
        if (method.GetCustomAttribute<StateMachineAttribute>() is { } machine) calls.Add(machine.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic)!);
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il) return ([.. calls], []);
        var (types, methods) = (method.DeclaringType is { IsGenericType: true } t ? t.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
        for (var at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xFE) value = (short)(0xFE00 | il[at++]);
            var code = Codes[value];
            if (code.OperandType is OperandType.InlineMethod && Resolve(method.Module, BitConverter.ToInt32(il, at), types, methods) is { } called) calls.Add(called);
            if (code.OperandType is OperandType.InlineString) texts.Add(method.Module.ResolveString(BitConverter.ToInt32(il, at)));
            at += Size(code.OperandType, il, at);
        }
        // An entry is often noted where an async method goes on: its texts stand in the state machine, which is a method of its own here.
        return ([.. calls.Distinct()], [.. texts.Distinct(StringComparer.Ordinal)]);
    }

    private static MethodBase? Resolve(Module module, int token, Type[]? types, Type[]? methods)
    {
        try
        {
            return module.ResolveMethod(token, types, methods) switch
            {
                MethodInfo { IsGenericMethod: true } generic => generic.GetGenericMethodDefinition(),
                var method => method,
            };
        }
        catch (ArgumentException) { return null; }
    }

    private static int Size(OperandType operand, byte[] il, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
        _ => 4,
    };

    [GeneratedRegex(@"^(?:[a-z_]{0,40}\.[a-z_]{2,40}|[a-z_]{2,40}\.|authn_token_reuse|malicious_direct_reference)$", RegexOptions.NonBacktracking)]
    private static partial Regex Action();
}

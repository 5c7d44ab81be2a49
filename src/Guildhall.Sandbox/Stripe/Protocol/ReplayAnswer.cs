using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>The same key and parameters get the first answer again, for a day of the sandbox clock.</summary>
internal static class ReplayAnswer
{
    private const long KeptSeconds = 24 * 60 * 60;

    public static StripeAnswer? Find(World world, string key, string fingerprint)
    {
        if (world.Answers.Find(key) is not { } first) return null;
        if (first.Created + KeptSeconds < world.UnixNow)
        {
            world.Answers.Remove(key);
            return null;
        }

        return first.Fingerprint == fingerprint
            ? new StripeAnswer(first.Status, first.Body, first.RequestId)
            : throw new StripeRefusal(
                400, "idempotency_error", null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                + "Try using a key other than the one you gave if you meant to execute a different request.");
    }

    public static StripeAnswer Keep(World world, string key, string fingerprint, StripeCall call, StripeAnswer answer)
    {
        world.Answers.Put(new StoredAnswer(key, fingerprint, answer.Status, answer.Body, call.RequestId, world.UnixNow));
        return answer;
    }
}

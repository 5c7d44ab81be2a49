using Guildhall.Foundation;
using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Identity.Phones;

/// <summary>The phone part of this module's doors.</summary>
internal static class PhonesModule
{
    public static void AddPhones(this IServiceCollection services, IdentityOptions options)
    {
        var codes = new PhoneCodes(options.Master);
        services.AddSingleton(codes);
        services.AddSetting(SmsSettings.Countries);
        services.AddSetting(SmsSettings.HomeCountry);
        services.AddSetting(SmsSettings.Caps);
        services.AddSingleton(JobKind.OnDatabase<SendSignInCode>((tx, job) => SendSignInCode.Run(tx, codes, job)));
        services.AddJob<ForgetPhoneCodes>(ForgetPhoneCodes.Run);
        services.AddRecurring("forget-phone-codes", TimeSpan.FromMinutes(15), tx => tx.Enqueue(new ForgetPhoneCodes(), uniqueKey: "one"));
    }

    public static void MapPhones(this IEndpointRouteBuilder api)
    {
        ReadPhone.Map(api);
        AskPhoneCode.Map(api);
        VerifyPhone.Map(api);
        RemovePhone.Map(api);
        StartPhoneSignIn.Map(api);
        FinishPhoneSignIn.Map(api);
        SendChallengeSms.Map(api);
        AnswerBySms.Map(api);
    }
}

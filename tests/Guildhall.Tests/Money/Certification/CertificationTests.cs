using Guildhall.Tests.Money.Certification.Partners;
using Guildhall.Tests.Money.Gateways.Knet;
using Guildhall.Tests.Money.Gateways.Mpesa;
using Guildhall.Tests.Money.Gateways.PayPal;
using Guildhall.Tests.Money.Gateways.Paytm;

namespace Guildhall.Tests.Money.Certification;

public sealed class KnetCertificationTests(KnetWorld world) : CertificationRun(new KnetPartner(world)), IClassFixture<KnetWorld>;
public sealed class MpesaCertificationTests(MpesaWorld world) : CertificationRun(new MpesaPartner(world)), IClassFixture<MpesaWorld>;
public sealed class MyFatoorahCertificationTests(MyFatoorahTwoKeys world) : CertificationRun(new MyFatoorahPartner(world)), IClassFixture<MyFatoorahTwoKeys>;
public sealed class PayPalCertificationTests(PayPalWorld world) : CertificationRun(new PayPalPartner(world)), IClassFixture<PayPalWorld>;
public sealed class PaytmCertificationTests(PaytmWorld world) : CertificationRun(new PaytmPartner(world)), IClassFixture<PaytmWorld>;
public sealed class StripeCertificationTests(StripeTwoKeys world) : CertificationRun(new StripePartner(world)), IClassFixture<StripeTwoKeys>;

public sealed class CertificationListTests
{
    [Fact]
    public void The_table_has_a_row_for_every_check_and_a_column_for_every_gateway() => CertificationTable.MustBeWhole();

    [Fact]
    public void There_are_at_least_sixty_checks_and_each_has_a_name_of_its_own()
    {
        Check.All.Count.ShouldBeGreaterThanOrEqualTo(60);
        Check.All.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count().ShouldBe(Check.All.Count);
    }
}

namespace Guildhall.Money.Payouts;

/// <summary>What a destination is: a bank account, a PayPal account named by its e-mail address, or a Kenyan phone with M-Pesa.</summary>
public enum DestinationKind { Bank, Paypal, Mpesa }

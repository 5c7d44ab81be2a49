using System.Security.Cryptography;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Money.Invoices;

/// <summary>Tokens of links by which an invoice can be paid: 256 bits derived from the master key and the invoice, so that the link can be said again; the database
/// knows only their hash.</summary>
internal static class PayLinks
{
    public static string Token(MasterKey key, InvoiceId invoice) => WebEncoders.Base64UrlEncode(key.Derive($"pay-link:{invoice}"));

    public static byte[] Hash(string token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));

    public static string Path(string token) => $"/pay/{token}";
}

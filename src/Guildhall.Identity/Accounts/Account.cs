namespace Guildhall.Identity.Accounts;

/// <summary>unverified → active (e-mail confirmed); active or unverified → suspended and back. Only active accounts have living sessions.</summary>
public enum AccountState { Unverified, Active, Suspended }

namespace Guildhall.Identity.Accounts;

/// <summary>unverified → active (e-mail confirmed); active or unverified → suspended and back. Only active accounts have living sessions.
/// erased is the end: a row without a person, which orders, books and the audit still name.</summary>
public enum AccountState { Unverified, Active, Suspended, Erased }

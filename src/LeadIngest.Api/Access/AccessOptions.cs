using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Access;

/// <summary>Section <c>Access</c>: how people sign in.</summary>
internal sealed class AccessOptions
{
    /// <summary>Rounds of PBKDF2-SHA512 that a password is hashed with. Default 220,000; fewer are refused in Production. A stored hash of fewer is made anew at its owner's next sign-in.</summary>
    [Range(1, 10_000_000)] public int HashIterations { get; init; } = Least;

    public const int Least = 220_000;

    /// <summary>Whether owners must have a second factor: without one they see nothing but their own account. Default: in Production only.</summary>
    public bool? RequireTotp { get; init; }

    /// <summary>Failed tries of one address (IPv6: of its /64) within 10 minutes, and then no more of it. Default 20.</summary>
    [Range(1, 100_000)] public int AddressFailures { get; init; } = 20;
}

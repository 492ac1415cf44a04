using System.ComponentModel.DataAnnotations;
using LeadIngest.Crm;

namespace LeadIngest.Api.Delivery;

/// <summary>Section <c>Delivery</c>. Checked at start: a bad value stops the host, not the first lead.</summary>
internal sealed class DeliveryOptions : IValidatableObject
{
    /// <summary>False: this process takes leads but delivers none; another one does.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>CRM accounts that one process works on at a time; each costs a loop and now and then a database connection.</summary>
    [Range(1, 1000)] public int MaxAccounts { get; init; } = 64;

    /// <summary>An account whose CRM has been silent within one call for so long gives its place to another one: it costs nothing but the waiting.</summary>
    public TimeSpan HangsAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Accounts that may wait for silent CRMs besides <see cref="MaxAccounts"/>.</summary>
    [Range(1, 10000)] public int MaxHanging { get; init; } = 1000;

    /// <summary>Accounts with nothing to do that a process keeps, to begin sooner with the next lead; every wake-up costs each of them a look into the queue.</summary>
    [Range(0, 1000)] public int MaxIdle { get; init; } = 8;

    /// <summary>How long an account belongs to a worker that has gone silent. Grows by itself where one call may take longer (Bitrix24).</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Default: a sixth of the lease, so that several renewals may fail before it runs out.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest an account is kept while another one waits for a place.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An account with nothing due is handed back after this time.</summary>
    public TimeSpan IdleHold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The truth behind LISTEN/NOTIFY: a lost notification costs at most this.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Added to the attempt time-out of a call: a call may begin only while the lease is sure to last that long.</summary>
    public TimeSpan CallMargin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a stopping process gives to the calls that are running; then they are cut and their leads looked up by the next worker.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a row rests behind an earlier one of its client before it is looked at again without being called. A safety net only.</summary>
    public TimeSpan ParkFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Claims that ended without a recorded outcome, after which the lead is put aside as the one that kills its worker.</summary>
    [Range(1, 100)] public int MaxCrashClaims { get; init; } = 5;

    /// <summary>Guards against a fault of ours that sends one lead over and over.</summary>
    [Range(1, 1000)] public int MaxSendsPerMinute { get; init; } = 5;

    /// <inheritdoc cref="MaxSendsPerMinute"/>
    [Range(1, 10000)] public int MaxSends { get; init; } = 50;

    /// <summary>The most leads of one call. Default: as many as the CRM takes.</summary>
    [Range(1, 1000)] public int MaxBatch { get; init; } = 1000;

    /// <summary>The most calls that an account may have in the air, where its CRM takes several.</summary>
    [Range(1, 16)] public int MaxCalls { get; init; } = 4;

    /// <summary>How often backlog and oldest due age are measured.</summary>
    public TimeSpan MeasureEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest one call may take from the last look at the lease to the end of its answer.</summary>
    public TimeSpan CallBudget(string crm, CrmTimings timings) =>
        (timings.AttemptTimeout ?? TimeSpan.FromSeconds(crm == "bitrix24" ? 65 : 20)) + CallMargin;

    /// <summary>The lease of an account of this kind: a call may still begin after two renewals in a row have failed.</summary>
    public TimeSpan LeaseFor(string crm, CrmTimings timings)
    {
        var needed = CallBudget(crm, timings) + RenewEvery * 3;
        return needed > Lease ? needed : Lease;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        foreach (var (name, value) in new[]
        {
            (nameof(Lease), Lease), (nameof(RenewEvery), RenewEvery), (nameof(PollEvery), PollEvery), (nameof(MeasureEvery), MeasureEvery),
            (nameof(ParkFor), ParkFor), (nameof(MaxHold), MaxHold), (nameof(HangsAfter), HangsAfter),
        })
        {
            if (value <= TimeSpan.Zero) yield return new ValidationResult($"Delivery:{name} must be longer than zero.", [name]);
        }
        if (RenewEvery * 2 > Lease) yield return new ValidationResult("Delivery:RenewEvery must be at most half of Delivery:Lease.", [nameof(RenewEvery)]);
    }
}

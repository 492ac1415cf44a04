using System.ComponentModel.DataAnnotations;

namespace LeadIngest.Api.Demo;

/// <summary>Section <c>Demo</c>: the demo project that <c>make run</c> makes on an empty database. Refused in Production.</summary>
internal sealed class DemoOptions
{
    public bool Enabled { get; init; }

    /// <summary>Where the CRM emulator listens, for example <c>http://127.0.0.1:8090</c>.</summary>
    public string EmulatorUrl { get; init; } = "http://127.0.0.1:8090";

    /// <summary>The key that reads the demo project; set anew at every start.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The password of the demo's people; set anew at every start. Without it nobody can sign in.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>The token in the address that the emulated PBX calls; set anew at every start. Without it there is no such sender.</summary>
    public string? CallToken { get; init; }

    /// <summary>Months of made-up history that a demo project gets when it is made. 0: none; at most 36.</summary>
    [Range(0, 36)] public int HistoryMonths { get; init; }

    /// <summary>Where the history's side of the CRM is kept, for an emulator that is started anew; null: nowhere.</summary>
    public string? PastFile { get; init; }
}

using System.Globalization;
using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Doors;

/// <summary>How many records to make up at <c>/_seed</c>, and from which phone number on.</summary>
/// <param name="Deals">Open deals, each with one of the contacts while these last.</param>
/// <param name="Closed">Every third deal was moved on and won, every third moved on and lost, with amounts, dates and history; otherwise all are open.</param>
/// <param name="FirstPhone">Digits of the first contact's phone; the next has the next number.</param>
internal sealed record SeedPlan(int Contacts, int Companies, int Deals, long FirstPhone, bool Closed = false)
{
    private const int Most = 2_000_000;
    private const long FirstPhoneStandard = 79_000_000_000;

    /// <returns>Null when a figure is no figure or too big.</returns>
    public static SeedPlan? Read(JsonObject body)
    {
        if (body.Any(p => p.Key is not ("contacts" or "companies" or "deals" or "first_phone" or "closed") || Json.Integer(p.Value) is null or < 0))
            return null;
        long Of(string name, long standard) => Json.Integer(body[name]) ?? standard;
        var (contacts, companies, deals, phone) = (Of("contacts", 0), Of("companies", 0), Of("deals", 0), Of("first_phone", FirstPhoneStandard));
        return contacts + companies + deals > Most || phone > 999_999_999_999_999 ? null : new SeedPlan((int)contacts, (int)companies, (int)deals, phone, Of("closed", 0) > 0);
    }

    public string Phone(int i) => "+" + (FirstPhone + i).ToString(CultureInfo.InvariantCulture);

    public static string Email(int i) => $"client{i}@example.org";
}

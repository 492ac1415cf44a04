using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Clients;

namespace LeadIngest.Core.Tests.Clients;

public class ClientBookProperties
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Site = Guid.CreateVersion7();

    // (phone, mail, form, minutes since the lead before); 0 stands for no phone and no mail.
    private static readonly Gen<(int Phone, int Mail, int Form, int Minutes)[]> Leads =
        (from phone in Gen.Choose(0, 4)
         from mail in Gen.Choose(0, 4)
         from form in Gen.Choose(0, 1)
         from minutes in Gen.Choose(0, 6)
         select (phone, mail, form, minutes)).ArrayOf();

    [Fact]
    public void Leads_that_share_an_identity_directly_or_by_others_are_one_clients_and_no_more() =>
        Prop.ForAll(Leads.ToArbitrary(), leads =>
        {
            var book = new ClientBook();
            var parent = new Dictionary<Guid, Guid>();
            var clients = Run(leads, book, parent).Select(r => r.ClientId).ToArray();
            for (var i = 0; i < leads.Length; i++)
                for (var j = 0; j < i; j++)
                    if (Linked(leads, i, j) != (Root(parent, clients[i]) == Root(parent, clients[j]))) return false;
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_identity_is_learned_once_and_its_owner_counts_every_lead() =>
        Prop.ForAll(Leads.ToArbitrary(), leads =>
        {
            var book = new ClientBook();
            var resolved = Run(leads, book, []);
            var learned = resolved.SelectMany(r => r.Learned).ToList();
            return learned.Count == learned.Distinct().Count()
                && book.Clients.Sum(c => c.LeadCount) == leads.Length
                && learned.All(i => book.Owner(i) is { } owner && book.Find(owner.Id) == owner);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_duplicate_names_an_enquiry_of_its_form_within_the_window_and_a_new_client_is_never_a_repeat() =>
        Prop.ForAll(Leads.ToArbitrary(), leads =>
        {
            var resolved = Run(leads, new ClientBook(), []);
            var at = leads.Select((_, i) => leads.Take(i + 1).Sum(l => l.Minutes)).ToArray();
            for (var i = 0; i < leads.Length; i++)
            {
                if (resolved[i].IsNewClient != (resolved[i].Status == LeadStatus.New)) return false;
                if (resolved[i].Status != LeadStatus.Duplicate) continue;
                var original = Array.FindIndex(Ids(leads.Length), id => id == resolved[i].DuplicateOf);
                if (original < 0 || original >= i || leads[original].Form != leads[i].Form || resolved[original].Status == LeadStatus.Duplicate
                    || at[i] - at[original] >= 10) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    private static Guid[] Ids(int count) => [.. Enumerable.Range(1, count).Select(i => new Guid(i, 0, 0, new byte[8]))];

    private static List<Resolution> Run((int Phone, int Mail, int Form, int Minutes)[] leads, ClientBook book, Dictionary<Guid, Guid> parent)
    {
        var (resolved, at, ids) = (new List<Resolution>(), Noon, Ids(leads.Length));
        for (var i = 0; i < leads.Length; i++)
        {
            at = at.AddMinutes(leads[i].Minutes);
            var one = book.Resolve(new LeadToResolve(ids[i], Identities(leads[i]), Site, $"form {leads[i].Form}", at), TimeSpan.FromMinutes(10), Guid.CreateVersion7);
            foreach (var merge in one.Merges) parent[merge.MergedId] = merge.KeptId;
            resolved.Add(one);
        }
        return resolved;
    }

    private static List<Identity> Identities((int Phone, int Mail, int Form, int Minutes) lead)
    {
        var identities = new List<Identity>();
        if (lead.Mail > 0) identities.Add(new(IdentityKind.Email, $"m{lead.Mail}@mail.ru"));
        if (lead.Phone > 0) identities.Add(new(IdentityKind.Phone, $"+7916000000{lead.Phone}"));
        return identities;
    }

    private static Guid Root(Dictionary<Guid, Guid> parent, Guid id)
    {
        while (parent.TryGetValue(id, out var up)) id = up;
        return id;
    }

    /// <summary>By walking from lead to lead over equal values: slow and plain.</summary>
    private static bool Linked((int Phone, int Mail, int Form, int Minutes)[] leads, int from, int to)
    {
        var seen = new HashSet<int> { from };
        var open = new Queue<int>(seen);
        while (open.TryDequeue(out var at))
            for (var next = 0; next < leads.Length; next++)
                if ((leads[at].Phone > 0 && leads[at].Phone == leads[next].Phone) || (leads[at].Mail > 0 && leads[at].Mail == leads[next].Mail))
                    if (seen.Add(next)) open.Enqueue(next);
        return seen.Contains(to);
    }
}

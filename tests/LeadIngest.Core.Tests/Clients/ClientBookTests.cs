using LeadIngest.Core.Clients;

namespace LeadIngest.Core.Tests.Clients;

public class ClientBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly Guid Site = Guid.CreateVersion7();
    private static readonly Identity PhoneA = new(IdentityKind.Phone, "+79161234567"), PhoneB = new(IdentityKind.Phone, "+79167654321");
    private static readonly Identity Mail = new(IdentityKind.Email, "olga@mail.ru"), Nick = new(IdentityKind.Messenger, "telegram:olga_k");

    private readonly ClientBook _book = new();

    [Fact]
    public void A_stranger_becomes_a_client_with_all_identities_of_the_lead()
    {
        var resolved = Resolve([PhoneA, Mail]);
        Assert.True(resolved.IsNewClient);
        Assert.Equal(LeadStatus.New, resolved.Status);
        Assert.Equal([PhoneA, Mail], resolved.Learned);
        Assert.Equal(resolved.ClientId, _book.Owner(Mail)!.Id);
    }

    [Fact]
    public void A_lead_without_identities_is_a_client_of_its_own()
    {
        Assert.NotEqual(Resolve([]).ClientId, Resolve([]).ClientId);
    }

    [Theory]
    [InlineData("callback", 599, LeadStatus.Duplicate)]
    [InlineData("callback", 600, LeadStatus.Repeat)] // the window's end is outside it
    [InlineData("Callback", 1, LeadStatus.Repeat)]
    [InlineData("", 1, LeadStatus.Repeat)]
    [InlineData("callback", -599, LeadStatus.Duplicate)] // a replayed reject may be older than what came after it
    [InlineData("callback", -600, LeadStatus.Repeat)]
    public void The_second_lead_of_a_client_repeats_the_first_only_in_the_same_form_within_the_window(string form, int seconds, LeadStatus expected)
    {
        var first = Lead([PhoneA], "callback");
        _book.Resolve(first, Window, Guid.CreateVersion7);
        var second = _book.Resolve(Lead([PhoneA], form, Noon.AddSeconds(seconds)), Window, Guid.CreateVersion7);
        Assert.Equal(expected, second.Status);
        Assert.Equal(expected == LeadStatus.Duplicate ? first.LeadId : null, second.DuplicateOf);
    }

    [Fact]
    public void Another_site_with_the_same_form_is_another_enquiry()
    {
        Resolve([PhoneA]);
        var other = new LeadToResolve(Guid.CreateVersion7(), [PhoneA], Guid.CreateVersion7(), "callback", Noon);
        Assert.Equal(LeadStatus.Repeat, _book.Resolve(other, Window, Guid.CreateVersion7).Status);
    }

    [Fact]
    public void A_duplicate_does_not_prolong_the_window()
    {
        var first = Lead([PhoneA]);
        _book.Resolve(first, Window, Guid.CreateVersion7);
        Assert.Equal(first.LeadId, _book.Resolve(Lead([PhoneA], at: Noon.AddMinutes(9)), Window, Guid.CreateVersion7).DuplicateOf);
        Assert.Equal(LeadStatus.Repeat, _book.Resolve(Lead([PhoneA], at: Noon.AddMinutes(11)), Window, Guid.CreateVersion7).Status);
    }

    [Fact]
    public void No_window_no_duplicates()
    {
        _book.Resolve(Lead([PhoneA]), TimeSpan.Zero, Guid.CreateVersion7);
        Assert.Equal(LeadStatus.Repeat, _book.Resolve(Lead([PhoneA]), TimeSpan.Zero, Guid.CreateVersion7).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_stronger_identity_wins_the_lead_in_whatever_order_they_stand(bool phoneFirst)
    {
        var (byPhone, byMail) = (Known(PhoneA), Known(Mail));
        var resolved = Resolve(phoneFirst ? [PhoneA, Mail] : [Mail, PhoneA]);
        Assert.Equal(byPhone.Id, resolved.ClientId);
        Assert.Equal([new Merge(byPhone.Id, byMail.Id, 3)], resolved.Merges);
        Assert.Null(_book.Find(byMail.Id));
        Assert.Equal(byPhone, _book.Owner(Mail));
        Assert.Equal(LeadStatus.Repeat, resolved.Status);
    }

    [Fact]
    public void One_lead_may_join_three_clients()
    {
        var (a, b, c) = (Known(PhoneA), Known(Mail), Known(Nick));
        var resolved = Resolve([Nick, Mail, PhoneA]);
        Assert.Equal([b.Id, c.Id], resolved.Merges.Select(m => m.MergedId));
        Assert.All(resolved.Merges, m => Assert.Equal(a.Id, m.KeptId));
    }

    [Fact]
    public void After_a_merge_the_other_clients_lead_still_counts_for_duplicates()
    {
        Known(PhoneA);
        var lead = Lead([Mail]);
        _book.Resolve(lead, Window, Guid.CreateVersion7);
        Assert.Equal(lead.LeadId, Resolve([PhoneA, Mail]).DuplicateOf);
    }

    [Fact]
    public void Different_contacts_in_one_CRM_account_are_listed_and_not_merged()
    {
        var account = Guid.CreateVersion7();
        var (a, b) = (Known(PhoneA, new([(account, "1")], [])), Known(Mail, new([(account, "2")], [])));
        var resolved = Resolve([PhoneA, Mail]);
        Assert.Empty(resolved.Merges);
        Assert.Equal([new Doubt(a.Id, b.Id, "different contacts in one CRM account")], resolved.Doubts);
        Assert.Equal(b, _book.Owner(Mail));
    }

    [Fact]
    public void What_a_first_merge_brought_in_contradicts_a_second()
    {
        var account = Guid.CreateVersion7();
        Known(PhoneA);
        var b = Known(Mail, new([(account, "1")], []));
        var c = Known(Nick, new([(account, "2")], []));
        var resolved = Resolve([PhoneA, Mail, Nick]);
        Assert.Equal([b.Id], resolved.Merges.Select(m => m.MergedId));
        Assert.Equal([c.Id], resolved.Doubts.Select(d => d.ClientB));
    }

    [Theory]
    [InlineData("+79161234567", "+79161234567", null)]
    [InlineData("+79161234567", "", null)]
    [InlineData("", "", null)]
    [InlineData("+79161234567", "+79167654321", "different phones, both confirmed by deals")]
    [InlineData("+79161234567 +79167654321", "+79167654321", null)] // one in common
    public void Phones_contradict_only_when_deals_confirm_both(string a, string b, string? why) =>
        Assert.Equal(why, MergeFacts.Contradiction(new([], a.Split(' ', StringSplitOptions.RemoveEmptyEntries)), new([], b.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    [Fact]
    public void Contacts_of_different_accounts_do_not_contradict() =>
        Assert.Null(MergeFacts.Contradiction(new([(Guid.CreateVersion7(), "1")], []), new([(Guid.CreateVersion7(), "2")], [])));

    [Fact]
    public void Two_phones_of_one_lead_are_one_claim_each()
    {
        var (a, b) = (Known(PhoneA), Known(PhoneB));
        Assert.Equal([a, b], _book.Claimants([PhoneA, PhoneB]));
        Assert.Equal([a], _book.Claimants([PhoneA, PhoneA]));
    }

    [Theory]
    [InlineData(IdentityKind.CrmContact, "crm_contact")]
    [InlineData(IdentityKind.Phone, "phone")]
    [InlineData(IdentityKind.Email, "email")]
    [InlineData(IdentityKind.Messenger, "messenger")]
    [InlineData(IdentityKind.Visitor, "visitor")]
    public void A_kind_reads_back_as_it_was_written(IdentityKind kind, string wire) =>
        Assert.Equal((wire, kind), (Identity.Wire(kind), Identity.ParseKind(wire)));

    private Resolution Resolve(Identity[] identities) => _book.Resolve(Lead(identities), Window, Guid.CreateVersion7);

    private static LeadToResolve Lead(Identity[] identities, string form = "callback", DateTimeOffset? at = null) =>
        new(Guid.CreateVersion7(), identities, Site, form, at ?? Noon);

    private KnownClient Known(Identity identity, MergeFacts? facts = null)
    {
        var client = new KnownClient(Guid.CreateVersion7()) { Version = 3, LeadCount = 1, Facts = facts };
        _book.Know(identity, client);
        return client;
    }
}

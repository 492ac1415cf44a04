using LeadIngest.Core.Clients;

namespace LeadIngest.Core.Tests.Clients;

/// <summary>Whose a card is, when cards of the CRM were made one.</summary>
public sealed class ContactBookTests
{
    private static readonly Guid Crm = Guid.CreateVersion7(), OtherCrm = Guid.CreateVersion7();
    private static readonly Identity First = new(IdentityKind.Phone, "+79161234567"), Second = new(IdentityKind.Phone, "+79161234568");

    private readonly ClientBook _book = new();
    private readonly KnownClient _owner = new(Guid.CreateVersion7()) { Version = 1 }, _other = new(Guid.CreateVersion7()) { Version = 1 };

    [Fact]
    public void A_client_whose_card_is_gone_joins_the_client_of_the_card_that_has_its_phone_though_both_phones_stand_behind_deals()
    {
        var resolution = Attach(new MergeFacts([(Crm, "1")], [First.Value]), new MergeFacts([], [Second.Value]) { Vanished = [Crm] });

        Assert.Equal((_owner.Id, _other.Id), (Assert.Single(resolution.Merges).KeptId, resolution.Merges[0].MergedId));
        Assert.Empty(resolution.Doubts);
    }

    [Fact]
    public void A_client_that_never_had_a_card_there_stays_apart_when_its_phone_stands_behind_another_deal()
    {
        var resolution = Attach(new MergeFacts([(Crm, "1")], [First.Value]), new MergeFacts([], [Second.Value]) { Vanished = [OtherCrm] });

        Assert.Empty(resolution.Merges);
        Assert.Equal(MergeFacts.DifferentPhones, Assert.Single(resolution.Doubts).Why);
    }

    [Fact]
    public void A_client_with_another_living_card_there_stays_apart_whatever_else_is_gone()
    {
        var resolution = Attach(new MergeFacts([(Crm, "1")], []), new MergeFacts([(Crm, "2")], []) { Vanished = [Crm] });

        Assert.Empty(resolution.Merges);
        Assert.Equal(MergeFacts.DifferentContacts, Assert.Single(resolution.Doubts).Why);
    }

    [Fact]
    public void Different_cards_in_another_account_still_keep_the_two_apart()
    {
        var resolution = Attach(new MergeFacts([(Crm, "1"), (OtherCrm, "8")], []), new MergeFacts([(OtherCrm, "9")], []) { Vanished = [Crm] });

        Assert.Empty(resolution.Merges);
        Assert.Single(resolution.Doubts);
    }

    [Fact]
    public void Cards_that_have_gone_are_taken_out_of_the_facts_and_remembered()
    {
        var facts = new MergeFacts([(Crm, "1"), (Crm, "2"), (OtherCrm, "1")], []);

        var left = facts.Without(new HashSet<(Guid, string)> { (Crm, "2"), (OtherCrm, "5") });

        Assert.Equal([(Crm, "1"), (OtherCrm, "1")], left.Contacts);
        Assert.Equal([Crm], left.Vanished);
        Assert.Same(facts, facts.Without(new HashSet<(Guid, string)> { (OtherCrm, "5") }));
    }

    /// <summary>Card 1, known to the owner by its id, carries the phones of both.</summary>
    private ContactResolution Attach(MergeFacts owner, MergeFacts other)
    {
        var card = new Identity(IdentityKind.CrmContact, $"{Crm}/1");
        (_owner.Facts, _other.Facts) = (owner, other);
        _book.Know(card, _owner);
        _book.Know(First, _owner);
        _book.Know(Second, _other);
        return _book.AttachPerson(new ContactCard(card, Crm, "1"), [First, Second], Guid.CreateVersion7);
    }
}

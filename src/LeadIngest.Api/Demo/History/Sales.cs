using System.Globalization;

namespace LeadIngest.Api.Demo.History;

/// <summary>What the people of the sales department make of enquiries: courses of deals, prices, talks, tasks, and who comes again.</summary>
internal sealed class Sales(Dice dice, DateTimeOffset now)
{
    /// <summary>Roubles: who only tries the house out orders nothing dearer.</summary>
    private const int Trial = 5_000;

    private const double NoReason = 0.09, Jumps = 0.06, Repriced = 0.12, Refunded = 0.015, Reopened = 0.02, Stuck = 0.04, NoContact = 0.02;

    private readonly List<(PlannedPerson Person, DateTimeOffset At, string How)> _again = [];
    private readonly Dictionary<PlannedPerson, int> _bought = [];

    public List<PlannedDeal> Deals { get; } = [];

    /// <summary>An enquiry becomes a card.</summary>
    /// <param name="firstWord">When somebody first talked to the client; null: to be found out.</param>
    public void Open(PlannedPerson person, DateTimeOffset at, PlannedForm? form = null, PlannedCall? call = null, DateTimeOffset? firstWord = null)
    {
        var deal = new PlannedDeal(300_000 + Deals.Count, form is null ? "Звонок" : "Заявка с сайта", at.AddSeconds(5), person, person.Manager, Story.Main, Story.Stages[0]) { Form = form, Call = call };
        Deals.Add(deal);
        var word = firstWord ?? WorkingTime.After(at, TimeSpan.FromMinutes(dice.Around(person.Manager.Minutes)));
        if (word <= at && call is not null) Touch(deal, at, "call_in", call.Talk);
        else Touch(deal, word, "call_out", (int)dice.Around(120));
        Work(deal, person, word, dice.Falls(person.Way.Wins * person.Manager.Wins * (_bought.ContainsKey(person) ? 1.5 : 1)));
    }

    /// <summary>Somebody who has bought before orders by telephone or in the office: a card made by hand.</summary>
    public void Repeat(PlannedPerson person, DateTimeOffset at)
    {
        var deal = new PlannedDeal(300_000 + Deals.Count, "Повторный заказ", at, dice.Falls(NoContact) ? null : person, person.Manager, Story.Again, 9202);
        Deals.Add(deal);
        Touch(deal, at, "call_in", (int)dice.Around(150));
        Work(deal, person, at, dice.Falls(0.82));
    }

    /// <summary>Those who come again on this day.</summary>
    public List<(PlannedPerson Person, DateTimeOffset At, string How)> DueAgain(DateOnly day)
    {
        var due = _again.FindAll(a => WorkingTime.Day(a.At) == day);
        _again.RemoveAll(a => WorkingTime.Day(a.At) <= day);
        return due;
    }

    /// <summary>Open cards have one each, or none, or one that is long due; closed ones had some.</summary>
    public List<PlannedTask> Tasks(IReadOnlyList<PlannedDeal> deals)
    {
        var tasks = new List<PlannedTask>();
        foreach (var deal in deals)
        {
            var isOpen = deal.Ends is not (Story.Won or Story.Lost);
            if (dice.Falls(0.7))
            {
                var made = deal.At.AddMinutes(dice.Between(5, 300));
                var due = WorkingTime.After(made.AddDays(1), TimeSpan.Zero);
                var done = WorkingTime.After(made, TimeSpan.FromMinutes(dice.Around(dice.Falls(0.2) ? 2_000 : 400)));
                if (made < now) tasks.Add(new(90_000 + tasks.Count, deal, made, due, done < now ? done : null));
            }
            if (!isOpen || !dice.Falls(0.65)) continue;
            var last = deal.Moves.Count > 0 ? deal.Moves[^1].At : deal.At;
            var late = dice.Falls(0.35);
            tasks.Add(new(90_000 + tasks.Count, deal, last, late ? last.AddDays(1) : now.AddDays(dice.Between(1, 6)), null));
        }
        return tasks;
    }

    private void Work(PlannedDeal deal, PlannedPerson person, DateTimeOffset from, bool wins)
    {
        var stages = deal.Pipeline == Story.Main ? Story.Stages : [9202, 9203];
        var (amount, at) = (Fill(deal, person), from);
        if (dice.Falls(Stuck)) return;
        var atPrice = !wins && dice.Falls(person.Way.AtPrice);
        // Who finds it too dear has heard the price; others fall off anywhere.
        var last = wins || atPrice ? stages.Count - 1 : dice.Between(0, stages.Count - 1);
        var isJump = dice.Falls(Jumps);
        for (var i = 1; i <= last && !isJump; i++)
        {
            at = WorkingTime.After(at, TimeSpan.FromHours(dice.Around(i == 1 ? 3 : 11)));
            if (!Move(deal, at, stages[i])) return;
            if (i == 1) Price(deal, at.AddMinutes(-1), amount);
            if (dice.Falls(0.5)) Touch(deal, at.AddMinutes(-20), dice.Falls(0.5) ? "chat_in" : "chat_out", 0);
        }
        if (deal.Prices.Count == 0 && wins) Price(deal, at.AddMinutes(1), amount);
        if (dice.Falls(Repriced)) Price(deal, at.AddMinutes(30), Rounded((double)amount * (dice.Falls(0.6) ? 0.9 : 1.15)));
        at = WorkingTime.After(at, TimeSpan.FromHours(dice.Around(10)));
        if (!Move(deal, at, wins ? Story.Won : Story.Lost)) return;
        if (wins) Bought(deal, person, at);
        else Lose(deal, person, at, atPrice);
    }

    private void Lose(PlannedDeal deal, PlannedPerson person, DateTimeOffset at, bool atPrice)
    {
        deal.LostReason = dice.Falls(NoReason) ? null : atPrice ? Story.TooDear : Story.Reasons[dice.Between(0, 3)].Id;
        if (!dice.Falls(Reopened)) return;
        // The client has thought it over.
        var again = WorkingTime.After(at.AddDays(dice.Between(10, 30)), TimeSpan.FromHours(1));
        if (!Move(deal, again, deal.Pipeline == Story.Main ? Story.Stages[2] : 9203)) return;
        Touch(deal, again, "call_in", 90);
        deal.LostReason = null;
        var won = WorkingTime.After(again, TimeSpan.FromHours(5));
        if (deal.Prices.Count == 0) Price(deal, again, Rounded(4_000));
        if (Move(deal, won, Story.Won)) Bought(deal, person, won);
    }

    private void Bought(PlannedDeal deal, PlannedPerson person, DateTimeOffset at)
    {
        if (dice.Falls(Refunded))
        {
            var back = WorkingTime.After(at.AddDays(dice.Between(3, 15)), TimeSpan.FromHours(1));
            if (dice.Falls(0.5)) Price(deal, back, Rounded((double)deal.Prices[^1].Price / 2));
            else if (Move(deal, back, Story.Lost)) deal.LostReason = Story.Refund;
            return;
        }
        var times = _bought[person] = _bought.GetValueOrDefault(person) + 1;
        if (!dice.Falls(person.Way.Repeats * (times > 6 ? 0.5 : 1))) return;
        var next = WorkingTime.Midnight(WorkingTime.Day(at.AddDays(dice.Between(20, 110)))).AddHours(dice.Between(9, 19)).AddMinutes(dice.Between(0, 59));
        _again.Add((person, next, dice.One(["hand", "hand", "hand", "call", "form"])));
    }

    private decimal Fill(PlannedDeal deal, PlannedPerson person)
    {
        var size = _bought.ContainsKey(person) ? person.Way.Later : person.Way.First;
        for (var rows = dice.Falls(0.75) ? 1 : 2; rows > 0; rows--)
        {
            // The promotion of autumn sells calendars.
            var product = person.Way.Query.Contains("promo=", StringComparison.Ordinal) && deal.Products.Count == 0 ? Story.Products[6] : dice.One(Story.Products, p => size < 0.5 && p.Price > Trial ? 0 : p.Share);
            if (deal.Products.Exists(p => p.Product == product)) continue;
            deal.Products.Add((product, Math.Max(1, (int)Math.Round(size * dice.Around(1.1)))));
        }
        return Rounded(deal.Products.Sum(p => (double)p.Product.Price * p.Quantity) * Math.Min(1, 0.5 + (size / 2)));
    }

    /// <returns>False: that is still to come.</returns>
    private bool Move(PlannedDeal deal, DateTimeOffset at, long stage)
    {
        if (at >= now) return false;
        deal.Moves.Add((at, stage));
        return true;
    }

    private void Price(PlannedDeal deal, DateTimeOffset at, decimal price)
    {
        if (at < now && (deal.Prices.Count == 0 || deal.Prices[^1].Price != price)) deal.Prices.Add((at, price));
    }

    private void Touch(PlannedDeal deal, DateTimeOffset at, string kind, int seconds)
    {
        if (at < now && at >= deal.At.AddMinutes(-30)) deal.Touches.Add((at, kind, seconds));
    }

    private static decimal Rounded(double amount) => decimal.Parse((Math.Round(amount / 50) * 50).ToString("0", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

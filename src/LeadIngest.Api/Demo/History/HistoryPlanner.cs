using System.Globalization;

namespace LeadIngest.Api.Demo.History;

/// <summary>Plans a history day by day: who visits, who asks, who buys, who comes again.</summary>
internal sealed class HistoryPlanner
{
    /// <summary>The range +7900000xxxx: nobody's the demo could disturb.</summary>
    private const int FirstPhone = 100, LastPhone = 9_799;

    private const double ByCall = 0.42, Duplicates = 0.03, Spam = 0.03;
    private static readonly string[] Forms = ["order", "callback", "price"];

    private readonly Dice _dice;
    private readonly DateTimeOffset _now;
    private readonly DateOnly _first;
    private readonly Traffic _traffic;
    private readonly Sales _sales;
    private readonly List<PlannedVisit> _visits = [];
    private readonly List<PlannedStep> _steps = [];
    private readonly List<PlannedPerson> _people = [];
    private readonly Dictionary<Guid, PlannedPerson> _byVisitor = [];
    private int _calls, _spam;

    private HistoryPlanner(int months, int seed, DateTimeOffset now)
    {
        (_dice, _now) = (new Dice(seed), now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        _first = WorkingTime.Day(_now.AddMonths(-months));
        _traffic = new Traffic(_dice, _first, WorkingTime.Day(_now));
        _sales = new Sales(_dice, _now);
    }

    /// <param name="months">1 to 36.</param>
    /// <param name="seed">The same one makes the same history.</param>
    /// <param name="now">The moment that it ends at.</param>
    public static PlannedHistory Plan(int months, int seed, DateTimeOffset now) => new HistoryPlanner(months, seed, now).Plan();

    private PlannedHistory Plan()
    {
        for (var day = _first; day <= WorkingTime.Day(_now); day = day.AddDays(1)) PlanDay(day);
        var steps = _steps.Where(s => s.At < _now.AddMinutes(-10)).OrderBy(s => s.At).ToList();
        var (forms, calls) = (steps.OfType<PlannedForm>().ToHashSet(), steps.OfType<PlannedCall>().ToHashSet());
        var deals = _sales.Deals.Where(d => d.At < _now && (d.Form is null || forms.Contains(d.Form)) && (d.Call is null || calls.Contains(d.Call))).ToList();
        var visits = _visits.Where(v => v.At < _now.AddMinutes(-10)).OrderBy(v => v.At).ToList();
        return new PlannedHistory
        {
            Visits = visits,
            Steps = steps,
            People = _people,
            Deals = deals,
            Tasks = _sales.Tasks(deals),
            Spend = Costs.Of(visits, _dice, WorkingTime.Day(_now)),
            Amounts = Costs.Amounts(_first, WorkingTime.Day(_now)),
        };
    }

    private void PlanDay(DateOnly day)
    {
        foreach (var visit in _traffic.Of(day))
        {
            _visits.Add(visit);
            if (visit.IsBot || !_dice.Falls(visit.Way.Leads * (WorkingTime.Day(visit.At).DayOfWeek is DayOfWeek.Sunday ? 0.7 : 1))) continue;
            Enquire(visit, Person(visit));
        }
        // Some call without having been on the site: the number is on a banner, or in somebody's notebook.
        for (var calls = _dice.Count(0.9); calls > 0; calls--) Ring(_traffic.Moment(day), NewPerson(Story.Ways[^1], _dice.Id(WorkingTime.Midnight(day))), _dice.Falls(0.45) ? Story.BannerLine : Story.Line, null);
        for (var junk = _dice.Falls(Spam * 4) ? _dice.Between(1, 2) : 0; junk > 0; junk--) Junk(_traffic.Moment(day), "spam");
        if (day.Day == 3) Junk(WorkingTime.Midnight(day).AddHours(11), "test");
        foreach (var (person, at, how) in _sales.DueAgain(day)) ComeAgain(person, at, how);
    }

    private void Enquire(PlannedVisit visit, PlannedPerson person)
    {
        if (_dice.Falls(ByCall))
        {
            Ring(visit.At.AddSeconds(_dice.Between(40, 400)), person, Story.Line, visit);
            return;
        }
        var at = visit.At.AddSeconds(visit.Seconds + _dice.Between(20, 240));
        var form = new PlannedForm(at, _dice.Id(at), person, visit, _dice.One(Forms), "enquiry");
        _steps.Add(form);
        _sales.Open(person, at, form: form);
        if (!_dice.Falls(Duplicates)) return;
        at = at.AddSeconds(_dice.Between(90, 420));
        _steps.Add(form with { At = at, Id = _dice.Id(at), Kind = "duplicate" });
    }

    /// <summary>Nights and days off are mostly missed; who was missed is called back, most of them.</summary>
    private void Ring(DateTimeOffset at, PlannedPerson person, string line, PlannedVisit? visit)
    {
        var isOpen = WorkingTime.IsOpen(at);
        var missed = _dice.Falls(isOpen ? person.Manager.Misses : 0.88);
        var (wait, talk) = (missed ? _dice.Between(15, 60) : _dice.Between(3, 25), missed ? 0 : (int)_dice.Around(150) + 15);
        var call = new PlannedCall(at.AddSeconds(wait + talk), NextCall(), person, line, true, wait, talk, visit, missed && !isOpen ? null : person.Manager);
        _steps.Add(call);
        var back = missed && _dice.Falls(0.75) ? WorkingTime.After(call.At, TimeSpan.FromMinutes(_dice.Around(person.Manager.Minutes))) : (DateTimeOffset?)null;
        if (back is { } then) _steps.Add(new PlannedCall(then.AddSeconds(90), NextCall(), person, Story.Line, false, 12, _dice.Falls(0.8) ? (int)_dice.Around(120) + 10 : 0, null, person.Manager));
        _sales.Open(person, call.At, call: call, firstWord: missed ? back : call.At);
    }

    private void Junk(DateTimeOffset at, string kind)
    {
        var person = new PlannedPerson(-1, kind == "spam" ? "Продвижение" : "Проверка", Phone(9_800 + (_spam++ % 200)), null, Story.Ways[^1], _dice.Id(at), Story.Managers[0]);
        var visit = _traffic.Return(person, at);
        _visits.Add(visit);
        _steps.Add(new PlannedForm(at.AddSeconds(30), _dice.Id(at), person, visit, "order", kind));
    }

    private void ComeAgain(PlannedPerson person, DateTimeOffset at, string how)
    {
        if (how == "call") Ring(at, person, Story.Line, null);
        else if (how == "hand") _sales.Repeat(person, WorkingTime.After(at, TimeSpan.Zero));
        else
        {
            var visit = _traffic.Return(person, at);
            _visits.Add(visit);
            var then = at.AddSeconds(visit.Seconds + 60);
            var form = new PlannedForm(then, _dice.Id(then), person, visit, "order", "enquiry");
            _steps.Add(form);
            _sales.Open(person, then, form: form);
        }
    }

    private PlannedPerson Person(PlannedVisit visit) => _byVisitor.TryGetValue(visit.VisitorId, out var known) ? known : _byVisitor[visit.VisitorId] = NewPerson(visit.Way, visit.VisitorId);

    private PlannedPerson NewPerson(StoryWay way, Guid visitor)
    {
        var number = _people.Count;
        // Past the end of the range a phone belongs to somebody who was here before: the same household.
        var phone = Phone(FirstPhone + (number % (LastPhone - FirstPhone + 1)));
        var person = new PlannedPerson(number, $"{_dice.One(Story.Names)} {(char)('А' + (number % 28))}.", phone, _dice.Falls(0.6) ? $"client{number}@client.example" : null, way, visitor, _dice.One(Story.Managers));
        _people.Add(person);
        return person;
    }

    private static string Phone(int number) => "+7900000" + number.ToString("0000", CultureInfo.InvariantCulture);

    private string NextCall() => "history-" + (++_calls).ToString(CultureInfo.InvariantCulture);
}

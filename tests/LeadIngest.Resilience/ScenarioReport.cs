using System.Globalization;

namespace LeadIngest.Resilience;

/// <summary>What one scenario found: figures, and the promises that were broken.</summary>
internal sealed class ScenarioReport(string name, TextWriter output)
{
    private readonly List<KeyValuePair<string, object>> _figures = [];
    private readonly List<string> _broken = [];
    private readonly List<string> _zeros = [];

    public string Name => name;

    public IReadOnlyList<KeyValuePair<string, object>> Figures => _figures;

    public IReadOnlyList<string> Broken => _broken;

    public void Say(string text) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {text}"));

    public void Figure(string figure, double value)
    {
        var rounded = Write(figure, value);
        Say(string.Create(CultureInfo.InvariantCulture, $"{figure,-32} {rounded}"));
    }

    /// <summary>A figure that has to be zero.</summary>
    /// <param name="otherwise">Ends the sentence that begins with the figure.</param>
    public void None(string figure, int value, string otherwise)
    {
        if (value == 0)
        {
            Write(figure, value);
            _zeros.Add(figure);
            return;
        }
        Figure(figure, value);
        Break($"{value} {otherwise}");
    }

    public void AtMost(string figure, double value, double bound, string unit)
    {
        Figure(figure, value);
        if (value > bound) Break(string.Create(CultureInfo.InvariantCulture, $"{figure}: {value:0.##} {unit}, {bound:0.##} {unit} at most are promised"));
    }

    public void Must(bool kept, string otherwise)
    {
        if (!kept) Break(otherwise);
    }

    public void Break(string what)
    {
        _broken.Add(what);
        Say($"BROKEN: {what}");
    }

    /// <summary>Names the figures that had to be zero and were.</summary>
    public void Close()
    {
        if (_zeros.Count > 0) Say($"none: {string.Join(", ", _zeros)}");
    }

    private double Write(string figure, double value)
    {
        var rounded = Math.Round(value, 2);
        _figures.Add(new($"{name}.{figure}", rounded));
        return rounded;
    }
}

namespace LeadIngest.Core.Spend;

/// <summary>One cell as text.</summary>
/// <param name="Text">As it stands; of a typed cell the invariant number (<c>1234.56</c>) or the ISO date.</param>
/// <param name="Typed">The file itself says that it is a number or a date (a spreadsheet): nothing is left to interpret.</param>
public readonly record struct Cell(string Text, bool Typed = false);

/// <summary>One row of a table.</summary>
/// <param name="Line">Its number in the file, from 1, as people see it.</param>
/// <param name="Cells">From the left; short where the rest is empty.</param>
public sealed record TableRow(int Line, IReadOnlyList<Cell> Cells)
{
    public Cell this[int index] => index >= 0 && index < Cells.Count ? Cells[index] : new("");

    public bool IsEmpty => Cells.All(c => string.IsNullOrWhiteSpace(c.Text));
}

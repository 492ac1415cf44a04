namespace LeadIngest.Core.Spend;

/// <summary>Russian value-added tax on advertising: 20 % up to 31 December 2025, 22 % from 1 January 2026; the rate of the day of the spend counts.</summary>
public static class Vat
{
    private static readonly DateOnly From22 = new(2026, 1, 1);

    /// <returns>Per cent.</returns>
    public static decimal Rate(DateOnly day) => day < From22 ? 20m : 22m;

    /// <returns>The amount with tax. Not rounded.</returns>
    /// <param name="amount">As the cabinet tells it.</param>
    /// <param name="included">The tax is in it.</param>
    /// <param name="rate">Per cent; 0 where no tax is paid.</param>
    public static decimal Gross(decimal amount, bool included, decimal rate) => included ? amount : amount * (100 + rate) / 100;

    /// <returns>The amount without tax. Not rounded.</returns>
    public static decimal Net(decimal amount, bool included, decimal rate) => included ? amount * 100 / (100 + rate) : amount;
}

using System.Runtime.CompilerServices;
using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Identities;

/// <summary>Numbers of every country against what libphonenumber-js reads; the file is written by <c>scripts/data/phones/vectors.mjs</c>.</summary>
public class PhoneVectorsTests
{
    internal static readonly string[][] Rows = [.. File.ReadLines(DataFile()).Skip(1).Select(line => line.Split('\t'))];

    // Read where it lies, beside this file: four hundred kilobytes need no copy in every output folder.
    private static string DataFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Data", "phone-vectors.tsv");

    [Fact]
    public void Numbers_of_every_country_read_as_in_libphonenumber()
    {
        var wrong = new List<string>();
        foreach (var row in Rows)
        {
            Phone.TryParse(row[2], row[1], out var phone);
            if (phone?.E164 != row[3] || (phone.Country ?? "") != row[4] || !phone.IsAllotted)
                wrong.Add($"{row[0]} {row[1]} «{row[2]}»: {phone?.E164 ?? "nothing"} {phone?.Country}, not {row[3]} {row[4]}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend($"{wrong.Count} of {Rows.Length}")));
    }

    [Fact]
    public void The_vectors_cover_the_world() => Assert.True(Rows.Select(row => row[1]).Distinct().Count() >= 240);
}

using System.Diagnostics;

namespace LeadIngest.Benchmarks;

/// <summary>What the disk takes to make one small write durable: write 8 KB at the same place and flush, as a commit does to the log. Median.</summary>
internal static class DiskFlush
{
    private const int Times = 500;

    public static void Run(Report report, string folder)
    {
        var file = Path.Combine(folder, "flush.tmp");
        var page = new byte[8192];
        var took = new double[Times];
        using (var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write, preallocationSize: page.Length))
            for (var i = 0; i < Times; i++)
            {
                page[0] = (byte)i;
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(handle, page, 0);
                RandomAccess.FlushToDisk(handle);
                took[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
        File.Delete(file);
        report.Add("machine.flush_us", Figures.Median(took));
    }
}

namespace LeadIngest.Benchmarks;

/// <summary>The benchmark cannot go on, or what it measured is wrong (lost rows, refused leads). Never thrown for a slow figure.</summary>
internal sealed class BenchFailure(string message) : Exception(message);

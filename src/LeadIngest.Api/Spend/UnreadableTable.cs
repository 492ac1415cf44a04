namespace LeadIngest.Api.Spend;

/// <summary>A file that is no table that can be read; the message is for people and says why.</summary>
internal sealed class UnreadableTable(string message, Exception? inner = null) : Exception(message, inner);

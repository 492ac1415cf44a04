namespace LeadIngest.Api.Data.Embedded;

/// <summary>The private PostgreSQL cannot run. The message is one line that says why and what to do; the caller prints it and stops.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);

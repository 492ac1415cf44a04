namespace LeadIngest.Api.Data;

/// <summary>A client with all those merged with it: to people they are one.</summary>
internal static class ClientFamily
{
    /// <summary>The ids, for <c>in</c>, of the family of client <c>@ClientId</c> of project <c>@ProjectId</c>, whichever of its members that is.</summary>
    public const string Ids = """
        (select f.id from clients a join clients f on f.project_id = a.project_id
            and (f.id = case when a.merged_into is not null then a.merged_into else a.id end or f.merged_into = case when a.merged_into is not null then a.merged_into else a.id end) where a.project_id = @ProjectId and a.id = @ClientId)
        """;
}

using System.Text.Json;
using Levada.Catalog;
using Levada.Policies;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>Short ways to set policies, as HTTP does, and to see that they are durable and applied.</summary>
internal static class PolicyExtensions
{
    /// <param name="catalog">Where.</param>
    /// <param name="pattern">For which names; the policy is called so too.</param>
    /// <param name="definition">JSON without the braces and with single quotes.</param>
    /// <param name="applyTo">What it is for.</param>
    /// <param name="priority">Among others.</param>
    /// <param name="isOperator">It is an operator policy.</param>
    /// <param name="name">If not as the pattern.</param>
    public static Task SetPolicyAsync(
        this CatalogStore catalog, string pattern, string definition, string applyTo = "all", int priority = 0,
        bool isOperator = false, string? name = null)
    {
        var policy = PolicyRules.Read("/", name ?? pattern, isOperator, Json(
            $"{{'pattern':{JsonSerializer.Serialize(pattern)},'definition':{{{definition}}},"
            + $"'apply-to':'{applyTo}','priority':{priority}}}"));
        return DoneAsync(done => catalog.Set(ParameterRules.SetPolicy(policy), done));
    }

    public static Task DeletePolicyAsync(this CatalogStore catalog, string name, bool isOperator = false) =>
        DoneAsync(done => catalog.DeletePolicy("/", isOperator, name, done));

    public static JsonElement Json(string text) => JsonDocument.Parse(text.Replace('\'', '"')).RootElement;

    public static Task DoneAsync(Action<Action> change)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        change(done.SetResult);
        return done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}

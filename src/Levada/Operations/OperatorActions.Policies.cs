using Levada.Amqp;
using Levada.Catalog;
using Levada.Policies;

namespace Levada.Operations;

// Policies, parameters and limits. Policies and parameters are a policymaker's, in virtual hosts that it has
// permissions for; all that caps what others may do is an administrator's.
public sealed partial class OperatorActions
{
    /// <summary>Adds a policy or operator policy, or changes the one there is.</summary>
    public Task<OperatorResult> SetPolicyAsync(OperatorRequest by, Policy policy) => SetAsPolicyMakerAsync(
        by, OperatorAction.SetPolicy, $"{policy}", policy.VHost, policy.IsOperator,
        done => _broker.Catalog.Set(ParameterRules.SetPolicy(policy), done, by.User));

    public Task<OperatorResult> DeletePolicyAsync(OperatorRequest by, Policy policy) => SetAsPolicyMakerAsync(
        by, OperatorAction.DeletePolicy, $"{policy}", policy.VHost, policy.IsOperator,
        done => _broker.Catalog.DeletePolicy(policy.VHost, policy.IsOperator, policy.Name, done, by.User));

    /// <summary>Sets a parameter that was read already.</summary>
    public Task<OperatorResult> SetParameterAsync(
        OperatorRequest by, string component, string name, VHostChange change) => SetAsPolicyMakerAsync(
            by, OperatorAction.SetParameter, Describe(component, name, change.VHost), change.VHost,
            ParameterRules.IsAdministrators(component), done => _broker.Catalog.Set(change, done, by.User));

    public Task<OperatorResult> DeleteParameterAsync(OperatorRequest by, Parameter parameter) => SetAsPolicyMakerAsync(
        by, OperatorAction.DeleteParameter, Describe(parameter.Component, parameter.Name, parameter.VHost),
        parameter.VHost, ParameterRules.IsAdministrators(parameter.Component),
        done => _broker.Catalog.DeleteParameter(
            parameter.VHost, parameter.Component, parameter.Name, done, by.User));

    public Task<OperatorResult> SetGlobalParameterAsync(OperatorRequest by, string name, string json) =>
        SetAsPolicyMakerAsync(
            by, OperatorAction.SetParameter, $"global parameter '{name}'", vhost: null, isAdministrators: false,
            done => _broker.Catalog.SetGlobalParameter(name, json, done));

    public Task<OperatorResult> DeleteGlobalParameterAsync(OperatorRequest by, string name) => SetAsPolicyMakerAsync(
        by, OperatorAction.DeleteParameter, $"global parameter '{name}'", vhost: null, isAdministrators: false,
        done => _broker.Catalog.DeleteGlobalParameter(name, done));

    public Task<OperatorResult> SetVHostLimitsAsync(OperatorRequest by, string vhost, LimitChange limit) => ChangeAsync(
        by, OperatorAction.SetLimit, $"{limit.Name} {limit.Value} of vhost '{vhost}'",
        done => _broker.Catalog.UpdateLimits(vhost, limit.Apply, () => done(OperatorResult.Done), by.User));

    public Task<OperatorResult> SetUserLimitsAsync(OperatorRequest by, string user, LimitChange limit) => ChangeAsync(
        by, OperatorAction.SetLimit, $"{limit.Name} {limit.Value} of user '{user}'",
        done => _broker.Catalog.UpdateUser(user, limit.Apply, found => done(Found(found)), by.User));

    private static string Describe(string component, string name, string vhost) =>
        $"parameter '{name}' of '{component}' in vhost '{vhost}'";

    private Task<OperatorResult> SetAsPolicyMakerAsync(
        OperatorRequest by, OperatorAction action, string target, string? vhost, bool isAdministrators,
        Action<Action> change) => RunAsync(by, action, target, isAllowed: true, () =>
            !_broker.MayAdminister(by.User) && isAdministrators
                ? Task.FromResult(new OperatorResult(OperatorOutcome.Denied, "Not administrator user"))
                : !_broker.MaySetPolicies(by.User, vhost)
                    ? Task.FromResult(
                        new OperatorResult(OperatorOutcome.Denied, "User not authorised to access object"))
                    : CompletedAsync(done => change(() => done(OperatorResult.Done))));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Levada.Cli.Control;

/// <summary>Virtual hosts, and what is tuned in them: policies, limits, parameters.</summary>
internal static class VHostActions
{
    private static readonly (string, string)[] PolicyOptions =
    [
        ("--priority", "Of several that match the highest counts (default: 0)."),
        ("--apply-to", "queues, classic_queues, quorum_queues, exchanges or all (default: all)."),
    ];

    private static readonly (string Name, string Description)[] MetadataOptions =
    [
        ("--description", "For people."), ("--tags", "Separated by commas."),
        ("--default-queue-type", "classic or quorum."),
    ];

    private static readonly Func<ActionInput, ControlException> NoVHost = static i => Unknown(i["VHOST"]);

    private static readonly Func<ActionInput, ControlException> NotThere = static i => Unknown(i.VHost);

    private static readonly Func<ActionInput, ControlException> NoParameter = static _ =>
        new ControlException(ControlExit.Invalid, "Parameter does not exist");

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("add_vhost", "Creates a virtual host.", ["VHOST"], AddAsync)
        {
            Options = MetadataOptions,
        },
        new("update_vhost_metadata", "Changes what is known of a virtual host.", ["VHOST"], async i =>
        {
            i.Say($"Updating metadata of vhost \"{i["VHOST"]}\" ...");
            await FindAsync(i, i["VHOST"]);
            await i.PutAsync(BrokerApi.Path("vhosts", i["VHOST"]), MetadataOf(i));
        })
        {
            Options = MetadataOptions, Missing = NoVHost,
        },
        new("set_vhost_tags", "Gives a virtual host tags, or none.", ["VHOST", "TAG..."], async i =>
        {
            i.Say($"Setting tags for virtual host \"{i["VHOST"]}\" to [{string.Join(", ", i.Many("TAG"))}] ...");
            await FindAsync(i, i["VHOST"]);
            await i.PutAsync(
                BrokerApi.Path("vhosts", i["VHOST"]), new JsonObject { ["tags"] = string.Join(',', i.Many("TAG")) });
        }) { Missing = NoVHost },
        new("delete_vhost", "Removes a virtual host with all that is in it.", ["VHOST"], i =>
        {
            i.Say($"Deleting vhost \"{i["VHOST"]}\" ...");
            return i.DeleteAsync(BrokerApi.Path("vhosts", i["VHOST"]));
        })
        {
            Missing = NoVHost,
        },
        new("enable_vhost_deletion_protection", "Keeps a virtual host from being removed.", ["VHOST"],
            i => i.PostAsync(BrokerApi.Path("vhosts", i["VHOST"], "deletion", "protection"))),
        new("disable_vhost_deletion_protection", "Lets a virtual host be removed.", ["VHOST"],
            i => i.DeleteAsync(BrokerApi.Path("vhosts", i["VHOST"], "deletion", "protection"))),
        new("trace_on", "Publishes a copy of each message of a vhost to amq.rabbitmq.trace.", [],
            i => TraceAsync(i, isOn: true)) { Missing = NotThere },
        new("trace_off", "Ends the copying that trace_on began.", [], i => TraceAsync(i, isOn: false))
        {
            Missing = NotThere,
        },
        new("set_vhost_limits", "Limits a vhost: {\"max-connections\":N,\"max-queues\":N}.", ["DEFINITION"],
            i => LimitActions.SetAsync(i, "vhost", "vhost-limits", i.VHost)),
        new("clear_vhost_limits", "Takes the limits of a vhost away.", ["[LIMIT]"],
            i => LimitActions.ClearAsync(i, "vhost", "vhost-limits", i.VHost)),
        new("set_policy", "Sets or changes a policy.", ["NAME", "PATTERN", "DEFINITION"],
            i => SetPolicyAsync(i, "policies", "policy"))
        {
            Options = PolicyOptions,
        },
        new("clear_policy", "Removes a policy.", ["NAME"], i =>
        {
            i.Say($"Clearing policy \"{i["NAME"]}\" on vhost \"{i.VHost}\" ...");
            return i.DeleteAsync(BrokerApi.Path("policies", i.VHost, i["NAME"]));
        }) { Missing = NoParameter },
        new("list_policies_that_match", "Shows the policies whose pattern matches a name; the first one counts.",
            ["NAME"], ListMatchingAsync)
        {
            Options = [("--object-type", "queue (default) or exchange.")],
        },
        new("set_operator_policy", "Sets or changes an operator policy, which caps what others ask for.",
            ["NAME", "PATTERN", "DEFINITION"], i => SetPolicyAsync(i, "operator-policies", "operator policy override"))
        {
            Options = PolicyOptions,
        },
        new("clear_operator_policy", "Removes an operator policy.", ["NAME"], i =>
        {
            i.Say($"Clearing operator policy \"{i["NAME"]}\" on vhost \"{i.VHost}\" ...");
            return i.DeleteAsync(BrokerApi.Path("operator-policies", i.VHost, i["NAME"]));
        }) { Missing = NoParameter },
        new("set_parameter", "Sets a parameter of a component.", ["COMPONENT", "NAME", "VALUE"], i =>
        {
            i.Say($"Setting runtime parameter \"{i["NAME"]}\" for component \"{i["COMPONENT"]}\" "
                + $"to \"{i["VALUE"]}\" in vhost \"{i.VHost}\" ...");
            return i.PutAsync(
                BrokerApi.Path("parameters", i["COMPONENT"], i.VHost, i["NAME"]),
                new JsonObject { ["value"] = i.Json("VALUE") });
        }),
        new("clear_parameter", "Removes a parameter.", ["COMPONENT", "NAME"], i =>
        {
            i.Say($"Clearing runtime parameter \"{i["NAME"]}\" for component \"{i["COMPONENT"]}\" "
                + $"on vhost \"{i.VHost}\" ...");
            return i.DeleteAsync(BrokerApi.Path("parameters", i["COMPONENT"], i.VHost, i["NAME"]));
        }) { Missing = NoParameter },
        new("set_global_parameter", "Sets a global parameter.", ["NAME", "VALUE"], i =>
        {
            i.Say($"Setting global runtime parameter \"{i["NAME"]}\" to \"{i["VALUE"]}\" ...");
            return i.PutAsync(
                BrokerApi.Path("global-parameters", i["NAME"]), new JsonObject { ["value"] = i.Json("VALUE") });
        }),
        new("clear_global_parameter", "Removes a global parameter.", ["NAME"], i =>
        {
            i.Say($"Clearing global runtime parameter \"{i["NAME"]}\" ...");
            return i.DeleteAsync(BrokerApi.Path("global-parameters", i["NAME"]));
        }) { Missing = NoParameter },
    ];

    private static ControlException Unknown(string vhost) =>
        new(ControlExit.BadData, $"Virtual host '{vhost}' does not exist");

    private static Task AddAsync(ActionInput i)
    {
        i.Say($"Adding vhost \"{i["VHOST"]}\" ...");
        return i.PutAsync(BrokerApi.Path("vhosts", i["VHOST"]), MetadataOf(i));
    }

    // Only what is named changes.
    private static JsonObject MetadataOf(ActionInput i)
    {
        var body = new JsonObject();
        foreach (var (option, _) in MetadataOptions)
        {
            if (i.Option(option) is { } value)
                body[option[2..].Replace('-', '_')] = value;
        }
        return body;
    }

    // A change must not create it.
    private static Task<JsonElement> FindAsync(ActionInput i, string vhost) =>
        i.Api.GetAsync(BrokerApi.Path("vhosts", vhost));

    private static async Task TraceAsync(ActionInput i, bool isOn)
    {
        i.Say($"{(isOn ? "Starting" : "Stopping")} tracing for vhost \"{i.VHost}\" ...");
        await FindAsync(i, i.VHost);
        await i.PutAsync(BrokerApi.Path("vhosts", i.VHost), new JsonObject { ["tracing"] = isOn });
        i.Tell($"Trace {(isOn ? "enabled" : "disabled")} for vhost {i.VHost}");
    }

    private static Task SetPolicyAsync(ActionInput i, string path, string kind)
    {
        var priority = i.Option("--priority") ?? "0";
        var applyTo = i.Option("--apply-to") ?? "all";
        if (!int.TryParse(priority, out var number))
            throw new ControlException(ControlExit.Usage, $"--priority {priority} is no whole number");
        i.Say($"Setting {kind} \"{i["NAME"]}\" for pattern \"{i["PATTERN"]}\" to \"{i["DEFINITION"]}\" "
            + $"with priority \"{number}\" for vhost \"{i.VHost}\" ...");
        return i.PutAsync(BrokerApi.Path(path, i.VHost, i["NAME"]), new JsonObject
        {
            ["pattern"] = i["PATTERN"], ["definition"] = i.Json("DEFINITION"), ["priority"] = number,
            ["apply-to"] = applyTo,
        });
    }

    private static async Task ListMatchingAsync(ActionInput i)
    {
        var type = i.Option("--object-type") ?? "queue";
        if (type is not ("queue" or "exchange"))
            throw new ControlException(ControlExit.Usage, $"--object-type {type}: there are queue and exchange");
        i.Say($"Listing policies that match {type} '{i["NAME"]}' in vhost '{i.VHost}' ...");
        var policies = await i.Api.GetAsync(BrokerApi.Path("policies", i.VHost));
        i.Session.Show(
            Column.Of("name pattern apply-to definition priority"),
            [
                .. policies.EnumerateArray()
                    .Where(policy => AppliesTo(policy, type) && Matches(policy, i["NAME"]))
                    .OrderByDescending(static policy => policy.GetProperty("priority").GetInt32()),
            ]);
    }

    private static bool AppliesTo(JsonElement policy, string type) => policy.GetProperty("apply-to").GetString() is
    { } to && (to == "all" || to.EndsWith($"{type}s", StringComparison.Ordinal));

    private static bool Matches(JsonElement policy, string name) => Regex.IsMatch(
        name, policy.GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1));
}

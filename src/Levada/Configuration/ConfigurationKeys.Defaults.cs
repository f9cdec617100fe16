namespace Levada.Configuration;

// Keys: what there is without anybody having asked for it.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Defaults() =>
    [
        Key("user made in an empty data folder",
            o => o.DefaultUser, (o, v) => o.DefaultUser = v, ConfigurationValue.Text, "default_user",
            "main.default_user"),
        Key("that user's password",
            o => o.DefaultPass, (o, v) => o.DefaultPass = v, ConfigurationValue.Text, "default_pass",
            "default_password") with
        {
            IsSecret = true,
        },
        Key("the same as a hash, as definitions have it; goes before the password",
            o => o.DefaultPassHash, (o, v) => o.DefaultPassHash = v, s => ConfigurationValue.Hash(s),
            "default_password_hash", "main.default_password_hash", "main.default_password") with
        {
            IsSecret = true,
        },
        List("that user's tags: default_user_tags.TAG = true",
            o => o.DefaultUserTags, (o, v) => o.DefaultUserTags = v, Tags, "default_user_tags.*"),
        Key("what that user may configure in the default virtual host, as a regular expression",
            o => o.DefaultConfigure, (o, v) => o.DefaultConfigure = v, PatternText, "default_permissions.configure"),
        Key("the same for writing",
            o => o.DefaultWrite, (o, v) => o.DefaultWrite = v, PatternText, "default_permissions.write"),
        Key("the same for reading",
            o => o.DefaultRead, (o, v) => o.DefaultRead = v, PatternText, "default_permissions.read"),
        Key("virtual host made in an empty data folder",
            o => o.DefaultVHost, (o, v) => o.DefaultVHost = v, ConfigurationValue.Text, "default_vhost"),
        List("more users made there: default_users.NAME.password, .tags; .vhost_pattern, .configure, .write, .read",
            o => o.DefaultUsers, (o, v) => o.DefaultUsers = v, NewVHostSettings.Users, "default_users.*"),
        List("limits of new virtual hosts: default_limits.vhosts.ID.pattern, .max_connections, .max_queues",
            o => o.NewVHostLimits, (o, v) => o.NewVHostLimits = v, NewVHostSettings.Limits,
            "default_limits.vhosts.*"),
        List("operator policies of new ones: default_policies.operator.ID.vhost_pattern, .queue_pattern, .max_length …",
            o => o.NewVHostPolicies, (o, v) => o.NewVHostPolicies = v, NewVHostSettings.Policies,
            "default_policies.operator.*"),
    ];

    private static string PatternText(Setting setting) => NewVHostSettings.Pattern(setting).Pattern;

    private static IReadOnlyList<string> Tags(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Item.Length > 0 && ConfigurationValue.Boolean(s)).Select(static s => s.Item)];
}

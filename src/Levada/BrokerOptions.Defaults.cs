using Levada.Auth;
using Levada.Catalog;

namespace Levada;

/// <summary>What there is without anybody having asked for it.</summary>
public sealed partial class BrokerOptions
{
    /// <summary>The user made when the data folder has no users yet.</summary>
    public string DefaultUser { get; set; } = "guest";

    /// <summary>The password of <see cref="DefaultUser"/>. Only its salted hash is kept.</summary>
    public string DefaultPass { get; set; } = "guest";

    /// <summary>The hash of the default user's password; null: it is made of <see cref="DefaultPass"/>.</summary>
    public PasswordHash? DefaultPassHash { get; set; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> DefaultUserTags { get; set; } = ["administrator"];

    /// <summary>What it may configure in <see cref="DefaultVHost"/>, as a regular expression.</summary>
    public string DefaultConfigure { get; set; } = ".*";

    /// <summary>The same for writing.</summary>
    public string DefaultWrite { get; set; } = ".*";

    /// <summary>The same for reading.</summary>
    public string DefaultRead { get; set; } = ".*";

    /// <summary>The virtual host made when the data folder has none yet.</summary>
    public string DefaultVHost { get; set; } = "/";

    /// <summary>Users made beside <see cref="DefaultUser"/>.</summary>
    public IReadOnlyList<DefaultUser> DefaultUsers { get; set; } = [];

    /// <summary>What new virtual hosts may hold.</summary>
    public IReadOnlyList<NewVHostLimits> NewVHostLimits { get; set; } = [];

    /// <summary>Operator policies of new virtual hosts.</summary>
    public IReadOnlyList<NewVHostPolicy> NewVHostPolicies { get; set; } = [];
}

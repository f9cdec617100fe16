using System.Text;
using Levada.Amqp;
using Levada.Exchanges;

namespace Levada.Auth;

/// <summary>
/// What one connection's user may do in its virtual host, at this moment: a change of permissions counts from the next
/// question on. Remembers its last answers. Owned by the connection, under its turn.
/// </summary>
public sealed class Access(Func<Accounts> accounts, string user, string vhost)
{
    private const int RememberedAnswers = 256;
    private const string DefaultExchangeName = "amq.default";

    private readonly Dictionary<(Right Right, string Name), bool> _answers = [];
    private Accounts _asked = Accounts.None;
    private User? _user;
    private Permissions? _permissions;

    public string UserName { get; } = user;

    public string VHost { get; } = vhost;

    /// <summary>
    /// Whoever keeps an answer (the write permission of the exchange last published to) keeps this with it and asks
    /// again when it has moved.
    /// </summary>
    public int Revision => accounts().Revision;

    /// <summary>Whether the user still exists and has permissions in the virtual host at all.</summary>
    public bool MayEnter
    {
        get
        {
            Refresh();
            return _permissions is not null;
        }
    }

    public bool HasTag(string tag)
    {
        Refresh();
        return _user is not null && _user.HasTag(tag);
    }

    /// <summary>
    /// True if each routing key of messages to a topic exchange must be asked about (<see cref="CheckTopic"/>).
    /// </summary>
    public bool HasTopicPermissions
    {
        get
        {
            Refresh();
            return _user is { TopicPermissions.IsEmpty: false };
        }
    }

    /// <summary>Whether messages may be taken out of a queue.</summary>
    public bool MayRead(string queue) => May(Right.Read, queue);

    /// <exception cref="AmqpException">403, closes the channel.</exception>
    public void CheckQueue(Right right, string queue, uint methodId)
    {
        if (!May(right, queue))
            throw Errors.AccessRefused(right, "queue", queue, VHost, UserName, methodId);
    }

    /// <param name="right">What is to be done.</param>
    /// <param name="exchange">Empty for the default exchange, whose name in permissions is amq.default.</param>
    /// <param name="methodId">The method that asks.</param>
    /// <exception cref="AmqpException">403, closes the channel.</exception>
    public void CheckExchange(Right right, string exchange, uint methodId)
    {
        if (exchange.Length == 0)
            exchange = DefaultExchangeName;
        if (!May(right, exchange))
            throw Errors.AccessRefused(right, "exchange", exchange, VHost, UserName, methodId);
    }

    /// <summary>Whether the routing key may be used on the exchange; always, unless it is a topic exchange.</summary>
    /// <exception cref="AmqpException">403, closes the channel.</exception>
    public void CheckTopic(Right right, Exchange exchange, ReadOnlySpan<byte> routingKey, uint methodId)
    {
        if (exchange.RoutingType != ExchangeType.Topic || !HasTopicPermissions)
            return;
        if (!_user!.TopicPermissions.TryGetValue((VHost, exchange.Name), out var permissions))
            return;
        var key = Encoding.UTF8.GetString(routingKey);
        if (!permissions.Allows(right, key))
            throw Errors.TopicAccessRefused(right, key, exchange.Name, VHost, UserName, methodId);
    }

    private bool May(Right right, string name)
    {
        Refresh();
        if (_permissions is null)
            return false;
        if (_answers.TryGetValue((right, name), out var may))
            return may;
        may = _permissions[right].Matches(name);
        if (_answers.Count == RememberedAnswers)
            _answers.Clear();
        _answers[(right, name)] = may;
        return may;
    }

    private void Refresh()
    {
        var current = accounts();
        if (ReferenceEquals(current, _asked))
            return;
        _asked = current;
        _answers.Clear();
        _user = current.FindActing(UserName);
        _permissions = _user?.PermissionsIn(VHost);
    }
}

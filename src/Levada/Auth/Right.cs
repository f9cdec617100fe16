namespace Levada.Auth;

/// <summary>The three things that a permission is about, as RabbitMQ divides them.</summary>
public enum Right
{
    Configure,
    Write,
    Read,
}

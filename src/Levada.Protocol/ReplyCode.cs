namespace Levada.Protocol;

/// <summary>
/// Why a message came back or a channel or connection was closed (spec 1.2, and RabbitMQ's use of it).
/// </summary>
public static class ReplyCode
{
    public const ushort Success = 200;
    public const ushort ContentTooLarge = 311;
    public const ushort NoRoute = 312;
    public const ushort NoConsumers = 313;
    public const ushort ConnectionForced = 320;
    public const ushort InvalidPath = 402;
    public const ushort AccessRefused = 403;
    public const ushort NotFound = 404;
    public const ushort ResourceLocked = 405;
    public const ushort PreconditionFailed = 406;
    public const ushort FrameError = 501;
    public const ushort SyntaxError = 502;
    public const ushort CommandInvalid = 503;
    public const ushort ChannelError = 504;
    public const ushort UnexpectedFrame = 505;
    public const ushort ResourceError = 506;
    public const ushort NotAllowed = 530;
    public const ushort NotImplemented = 540;
    public const ushort InternalError = 541;

    /// <summary>The word that opens a reply text, such as NOT_FOUND; the number itself for an unknown code.</summary>
    public static string Name(ushort code) => code switch
    {
        Success => "SUCCESS",
        ContentTooLarge => "CONTENT_TOO_LARGE",
        NoRoute => "NO_ROUTE",
        NoConsumers => "NO_CONSUMERS",
        ConnectionForced => "CONNECTION_FORCED",
        InvalidPath => "INVALID_PATH",
        AccessRefused => "ACCESS_REFUSED",
        NotFound => "NOT_FOUND",
        ResourceLocked => "RESOURCE_LOCKED",
        PreconditionFailed => "PRECONDITION_FAILED",
        FrameError => "FRAME_ERROR",
        SyntaxError => "SYNTAX_ERROR",
        CommandInvalid => "COMMAND_INVALID",
        ChannelError => "CHANNEL_ERROR",
        UnexpectedFrame => "UNEXPECTED_FRAME",
        ResourceError => "RESOURCE_ERROR",
        NotAllowed => "NOT_ALLOWED",
        NotImplemented => "NOT_IMPLEMENTED",
        InternalError => "INTERNAL_ERROR",
        _ => code.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

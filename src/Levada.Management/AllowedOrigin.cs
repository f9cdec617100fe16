namespace Levada.Management;

/// <summary>A feature of requests from pages of other sites that management.cors.allow_origins lets in.</summary>
internal sealed class AllowedOrigin;

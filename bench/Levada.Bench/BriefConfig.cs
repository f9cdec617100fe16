using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Perfolizer.Metrology;

namespace Levada.Bench;

/// <summary>
/// All benchmarks within a few minutes: three short iterations each, in this process, so that nothing is built for
/// them. Shows what matters here: the time and the bytes allocated for one operation (mostly: one message);
/// on Linux processor time, so that a busy machine disturbs it little.
/// </summary>
internal sealed class BriefConfig : ManualConfig
{
    public BriefConfig()
    {
        var job = Job.ShortRun
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(200));
        var clock = new ProcessorClock();
        AddJob(clock.IsAvailable ? job.WithClock(clock) : job);
        AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)));
        AddColumnProvider(
            DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics);
        AddColumn(StatisticColumn.Mean, StatisticColumn.StdDev);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared));
        WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Nanosecond).WithSizeUnit(SizeUnit.B)
            .WithMaxParameterColumnWidth(60));
        WithOptions(ConfigOptions.DisableLogFile);
        ArtifactsPath = Path.Combine("artifacts", "bench");
    }
}

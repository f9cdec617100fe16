using BenchmarkDotNet.Running;
using Levada.Bench;

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new BriefConfig());

import type { Command } from './protocol.ts';
import { Runner } from './runner.ts';

const runner = new Runner((report) => postMessage(report));

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  if (command.type !== 'benchmark') return runner.carryOut(command);
  // A benchmark has its own worker, which does nothing else.
  import('./benchmark/run.ts').then(({ runBenchmark }) =>
    runBenchmark(command.options, runner.cache, (report) => postMessage(report)),
  );
});

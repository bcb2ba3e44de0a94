import type { Command } from './protocol.ts';
import { Runner } from './runner.ts';

const runner = new Runner((report) => postMessage(report));

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  switch (command.type) {
    case 'remember':
      return runner.cache.remember(command.found);
    case 'benchmark':
      // A benchmark has its own worker, which does nothing else.
      return void import('./benchmark/run.ts').then(({ runBenchmark }) =>
        runBenchmark(command.options, runner.cache, (report) => postMessage(report)),
      );
    default:
      return runner.handle(command);
  }
});

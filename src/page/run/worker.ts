import type { Command } from './protocol.ts';
import { Runner } from './runner.ts';
import { RUNNER_LOADED } from './runner-loaded.ts';

if ('document' in globalThis) {
  // Without workers the page imports this script and makes a runner of its own. A worker's bundle
  // exports nothing.
  dispatchEvent(new CustomEvent(RUNNER_LOADED, { detail: Runner }));
} else {
  const runner = new Runner((report, transfer = []) => postMessage(report, { transfer }));
  addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
    if (command.type !== 'benchmark') return runner.carryOut(command);
    // A benchmark has its own worker, which does nothing else.
    import('./benchmark/run.ts').then(({ runBenchmark }) =>
      runBenchmark(command.options, runner.cache, (report) => postMessage(report), command.trained),
    );
  });
}

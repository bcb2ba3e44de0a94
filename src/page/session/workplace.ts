import type { Command, Report } from '../run/protocol.ts';

interface Listeners {
  receive: (report: Report) => void;
  /** The workplace could not start or has stopped. */
  fail: () => void;
}

/**
 * Starts the worker that trains; without workers, as in a sandboxed frame, training shares the
 * page's own thread.
 * @returns sends a command
 */
export function openWorkplace({ receive, fail }: Listeners): (command: Command) => void {
  /** Commands that a worker may not have got; undefined once it has answered. */
  let unheard: Command[] | undefined = [];
  let send = (command: Command): void => {
    unheard?.push(command);
  };
  const goOnHere = () => {
    const commands = unheard ?? [];
    unheard = undefined;
    send = openHere({ receive, fail });
    for (const command of commands) send(command);
  };
  try {
    const worker = new Worker(new URL('../run/worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    });
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => {
      unheard = undefined;
      receive(data);
    });
    worker.addEventListener('error', () => {
      // Some browsers refuse a worker to a frame without an origin only now.
      if (unheard && self.origin === 'null') goOnHere();
      else fail();
    });
    send = (command) => {
      unheard?.push(command);
      worker.postMessage(command);
    };
  } catch (error) {
    console.info(error);
    goOnHere();
  }
  return (command) => send(command);
}

function openHere({ receive, fail }: Listeners): (command: Command) => void {
  // A report comes in a turn of its own, as from a worker.
  const runner = import('../run/runner.ts').then(
    ({ Runner }) => new Runner((report) => queueMicrotask(() => receive(report))),
  );
  runner.catch(fail);
  return (command) =>
    void runner.then(
      (runner) => runner.carryOut(command),
      () => {},
    );
}

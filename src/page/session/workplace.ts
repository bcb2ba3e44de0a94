import type { Command, Report } from '../run/protocol.ts';
import { importRunner, WORKER } from './worker-file.ts';

interface Listeners {
  receive: (report: Report) => void;
  /** The workplace could not start or has stopped. */
  fail: () => void;
}

/** Sends a command, and hands buffers over with it. */
type Send = (command: Command, transfer?: Transferable[]) => void;

/**
 * Starts the worker that trains; without workers, as in a sandboxed frame, training shares the
 * page's own thread.
 * @returns sends a command
 */
export function openWorkplace({ receive, fail }: Listeners): Send {
  /** Commands that a worker may not have got; undefined once it has answered. */
  let unheard: Command[] | undefined = [];
  let send: Send = (command) => {
    unheard?.push(command);
  };
  const goOnHere = () => {
    const commands = unheard ?? [];
    unheard = undefined;
    send = openHere({ receive, fail });
    for (const command of commands) send(command);
  };
  try {
    const worker = new Worker(WORKER, {
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
    send = (command, transfer = []) => {
      unheard?.push(command);
      worker.postMessage(command, transfer);
    };
  } catch (error) {
    console.info(error);
    goOnHere();
  }
  return (command, transfer) => send(command, transfer);
}

function openHere({ receive, fail }: Listeners): (command: Command) => void {
  // A report comes in a turn of its own, as from a worker.
  const runner = importRunner().then(
    (Runner) => new Runner((report) => queueMicrotask(() => receive(report))),
  );
  runner.catch(fail);
  return (command) =>
    void runner.then(
      (runner) => runner.carryOut(command),
      () => {},
    );
}

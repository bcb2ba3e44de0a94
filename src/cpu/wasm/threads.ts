import type { ThreadStart } from './cpu-worker.ts';

/** Milliseconds in which a thread must have begun. */
const PATIENCE = 10_000;

/** Threads that help, and what ends them. */
export interface Threads {
  /** All of them, with the caller. */
  count: number;
  /** Why there are fewer than were asked for. */
  reason?: string;
  end(): void;
}

/** A thread of its own, in a browser or in Node. */
interface Thread {
  /** Settles when the thread works. */
  ready: Promise<void>;
  end(): void;
}

/**
 * Starts threads beside the caller.
 * @param count with the caller
 */
export async function startThreads(
  count: number,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Threads> {
  const started: Thread[] = [];
  const end = () => {
    for (const thread of started) thread.end();
  };
  try {
    if (typeof SharedArrayBuffer === 'undefined') throw new Error('the page is not cross-origin isolated');
    for (let thread = 1; thread < count; thread++) started.push(start({ module, memory, thread }));
    await Promise.all(started.map(({ ready }) => ready));
    return { count, end };
  } catch (error) {
    end();
    return { count: 1, reason: `no threads: ${(error as Error).message}`, end() {} };
  }
}

function start(data: ThreadStart): Thread {
  const { process } = globalThis as { process?: WithModules };
  // Node may have a Worker of a package, which is not like a browser's; Deno has its own.
  const threads = 'Deno' in globalThis ? undefined : process?.getBuiltinModule?.('node:worker_threads');
  return threads ? nodeThread(threads, data) : browserThread(data);
}

function browserThread(data: ThreadStart): Thread {
  // The build of the library keeps this line for the bundlers of others (vite.library.config.ts).
  const worker = new Worker(new URL('./cpu-worker.ts', import.meta.url), { type: 'module' });
  const ready = inTime((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = ({ message }) => reject(new Error(message || 'the script of the worker did not load'));
    worker.postMessage(data);
  });
  return { ready, end: () => worker.terminate() };
}

/** What a thread in Node needs of Node, whose types the library does without. */
interface NodeThreads {
  Worker: new (
    script: string,
    options: { eval: true; workerData: ThreadStart },
  ) => {
    once(event: 'message', listener: () => void): void;
    once(event: 'error', listener: (error: Error) => void): void;
    unref(): void;
    terminate(): Promise<number>;
  };
}
interface WithModules {
  getBuiltinModule?(name: 'node:worker_threads'): NodeThreads;
}

/** The script of a thread in Node, as worker.ts has it for browsers. */
const SCRIPT = `const { parentPort, workerData: { module, memory, thread } } = process.getBuiltinModule('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.postMessage('ready');
exports.work(thread);`;

function nodeThread(threads: NodeThreads, data: ThreadStart): Thread {
  const worker = new threads.Worker(SCRIPT, { eval: true, workerData: data });
  const ready = inTime((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  // A thread that waits keeps no process alive.
  worker.unref();
  return { ready, end: () => void worker.terminate() };
}

function inTime(begin: (resolve: () => void, reject: (error: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`a worker did not begin within ${PATIENCE / 1000} seconds`));
    const timer = setTimeout(late, PATIENCE);
    begin(
      () => {
        clearTimeout(timer);
        resolve();
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

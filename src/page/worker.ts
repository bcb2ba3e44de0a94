import { DestroyedError, DeviceLostError } from '../index.ts';
import { NoGpu, requestGpu } from './adapter.ts';
import { runBenchmark } from './benchmark/run.ts';
import { PlanCache } from './found-plans.ts';
import { type Frame, ModelRun } from './model-run.ts';
import { type RunKey, runKey } from './models.ts';
import { describeProblem } from './problems.ts';
import type { Choice, Command, Report, RunStatus, Timing, TimingStatus } from './protocol.ts';
import { timeBackends } from './time-backends.ts';

/** Opened once and again after a loss; undefined on the CPU. */
let place: Promise<{ device: GPUDevice | undefined }> | undefined;
const runs = new Map<RunKey, ModelRun>();
const timings = new Map<RunKey, Timing>();
/** Runs that ended with their device; what the page has of them stands until they are rewound. */
const lost = new Set<RunKey>();
const cache = new PlanCache((key, candidate) => post({ type: 'found', key, candidate }));
/** Ends what is under way. */
let activity = new AbortController();
/** Updates asked for and not begun. */
let pendingSteps = 0;
/** Commands are carried out one after the other. */
let queue = Promise.resolve();

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  if (command.type === 'remember') return cache.remember(command.found);
  // In a worker of its own, which does nothing else.
  if (command.type === 'benchmark')
    return void runBenchmark(command.options, cache, (report) => postMessage(report));
  // Steps add up; everything else ends what is under way.
  if (command.type === 'step' && pendingSteps > 0) {
    pendingSteps++;
    return;
  }
  activity.abort();
  pendingSteps = command.type === 'step' ? 1 : 0;
  if (command.type === 'pause') return;
  activity = new AbortController();
  const { signal } = activity;
  queue = queue
    .then(() => execute(command, signal))
    .catch((error) => {
      // Runs are destroyed when their device is lost, and of that the page is told there.
      if (error instanceof DestroyedError) return;
      post({ type: 'problem', choice: command.choice, problem: describeProblem(error) });
    });
});

async function execute(
  command: Exclude<Command, { type: 'pause' | 'remember' | 'benchmark' }>,
  signal: AbortSignal,
): Promise<void> {
  const { choice } = command;
  const key = runKey(choice);
  if (command.type === 'time') return time(choice, signal);
  let run = runs.get(key);
  if (!run) {
    if (command.type !== 'rewind' && lost.has(key)) return;
    lost.delete(key);
    run = await openRun(choice);
    show(choice, await run.frame(), true, 'untrained');
    await run.timeDrawing();
    if (command.type === 'open' || command.type === 'rewind') return;
  }
  switch (command.type) {
    case 'open':
      return;
    case 'train':
      return train(choice, run, command.frameInterval, signal);
    case 'step':
      if (run.finished || pendingSteps === 0) return;
      await run.advance(takeSteps());
      return show(choice, await run.frame(), false, run.finished ? 'finished' : 'paused');
    case 'rewind':
      await run.rewind();
      return show(choice, await run.frame(), true, 'untrained');
  }
}

function takeSteps(): number {
  const steps = pendingSteps;
  pendingSteps = 0;
  return steps;
}

async function train(choice: Choice, run: ModelRun, interval: number, signal: AbortSignal): Promise<void> {
  if (run.finished) return postStatus(choice, 'finished');
  postStatus(choice, 'training');
  const last = await run.train(signal, interval, (frame) => show(choice, frame, false));
  show(choice, last, false, run.finished ? 'finished' : run.step === 0 ? 'untrained' : 'paused');
  if (run.finished && !signal.aborted) await time(choice, signal);
}

/** Compares the backends, where there are two. */
async function time(choice: Choice, signal: AbortSignal): Promise<void> {
  place ??= openPlace();
  const { device } = await place;
  if (!device) return;
  try {
    const timing = await timeBackends(choice, { device, cache }, signal, (progress, what) =>
      post({ type: 'timing', choice, status: { state: 'running', progress, what } }),
    );
    timings.set(runKey(choice), timing);
    post({ type: 'timing', choice, status: { state: 'done', timing } });
  } catch (error) {
    // Of a lost device the page is told once.
    const ended = signal.aborted || error instanceof DeviceLostError;
    post({ type: 'timing', choice, status: ended ? lastTiming(choice) : failed(error) });
  }
}

/** What a timing that was broken off goes back to. */
function lastTiming(choice: Choice): TimingStatus {
  const timing = timings.get(runKey(choice));
  return timing ? { state: 'done', timing } : { state: 'idle' };
}

function failed(error: unknown): TimingStatus {
  return { state: 'failed', problem: describeProblem(error) };
}

async function openRun(choice: Choice): Promise<ModelRun> {
  place ??= openPlace();
  const { device } = await place;
  let run: ModelRun;
  try {
    run = await ModelRun.create(choice, cache, device);
  } catch (error) {
    // With another run on the GPU already, or refused in double precision only, the page is not one that trains on the CPU.
    const single = choice.precision === 'single';
    if (!device || !single || runs.size > 0 || error instanceof DeviceLostError) throw error;
    console.error(error);
    run = await ModelRun.create(choice, cache, undefined);
    useCpu('WebGPU is here, but this page could not train with it.');
  }
  runs.set(runKey(choice), run);
  return run;
}

async function openPlace(): Promise<{ device: GPUDevice | undefined }> {
  const gpu = await requestGpu(navigator.gpu);
  if (gpu instanceof NoGpu) {
    useCpu(gpu.reason);
    return { device: undefined };
  }
  const { device, report } = gpu;
  post({ type: 'adapter', adapter: report });
  device.lost.then(async ({ message }) => {
    if ((await place)?.device !== device) return;
    const problem = describeProblem(new DeviceLostError(message));
    place = undefined;
    for (const [key, run] of runs) {
      run.destroy();
      lost.add(key);
      post({ type: 'problem', choice: run.choice, problem });
    }
    runs.clear();
  });
  return { device };
}

function useCpu(reason: string): void {
  place = Promise.resolve({ device: undefined });
  post({ type: 'adapter', adapter: { backend: 'cpu', name: 'CPU', software: false, reason } });
}

/** The state and the status in one message, so that the page never shows one without the other. */
function show(choice: Choice, frame: Frame, fresh: boolean, status?: RunStatus): void {
  post({ type: 'frame', choice, fresh, status, ...frame });
}

function postStatus(choice: Choice, status: RunStatus): void {
  post({ type: 'status', choice, status });
}

function post(report: Report): void {
  postMessage(report);
}

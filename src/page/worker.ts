import { caseStudy, DeviceLostError } from '../index.ts';
import { NoGpu, requestGpu } from './adapter.ts';
import { type Frame, ModelRun } from './model-run.ts';
import { describeProblem } from './problems.ts';
import type { Command, Model, Report, RunStatus, Timing, TimingStatus } from './protocol.ts';
import { timeBackends } from './time-backends.ts';

/** Opened once and again after a loss; undefined on the CPU. */
let place: Promise<{ device: GPUDevice | undefined }> | undefined;
const runs = new Map<Model, ModelRun>();
const timings = new Map<Model, Timing>();
/** Runs that ended with their device; what the page has of them stands until they are rewound. */
const lost = new Set<Model>();
/** Ends what is under way. */
let activity = new AbortController();
/** Updates asked for and not begun. */
let pendingSteps = 0;
/** Commands are carried out one after the other. */
let queue = Promise.resolve();

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
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
      post({ type: 'problem', model: command.model, problem: describeProblem(error) });
    });
});

async function execute(command: Exclude<Command, { type: 'pause' }>, signal: AbortSignal): Promise<void> {
  const { model } = command;
  if (command.type === 'time') return time(model, signal);
  let run = runs.get(model);
  if (!run) {
    if (command.type !== 'rewind' && lost.has(model)) return;
    lost.delete(model);
    run = await openRun(model);
    show(model, await run.frame(), true);
    if (command.type === 'open' || command.type === 'rewind') return postStatus(model, 'untrained');
  }
  switch (command.type) {
    case 'open':
      return;
    case 'train':
      return train(model, run, command.frameInterval, signal);
    case 'step':
      if (run.finished || pendingSteps === 0) return;
      await run.advance(takeSteps());
      show(model, await run.frame(), false);
      return postStatus(model, run.finished ? 'finished' : 'paused');
    case 'rewind':
      await run.rewind();
      show(model, await run.frame(), true);
      return postStatus(model, 'untrained');
  }
}

function takeSteps(): number {
  const steps = pendingSteps;
  pendingSteps = 0;
  return steps;
}

async function train(model: Model, run: ModelRun, interval: number, signal: AbortSignal): Promise<void> {
  if (run.finished) return postStatus(model, 'finished');
  postStatus(model, 'training');
  show(model, await run.train(signal, interval, (frame) => show(model, frame, false)), false);
  if (!run.finished) return postStatus(model, run.step === 0 ? 'untrained' : 'paused');
  postStatus(model, 'finished');
  if (!signal.aborted) await time(model, signal);
}

/** Compares the backends, where there are two. */
async function time(model: Model, signal: AbortSignal): Promise<void> {
  place ??= openPlace();
  const { device } = await place;
  if (!device) return;
  try {
    const timing = await timeBackends(caseStudy[model], device, signal, (progress, what) =>
      post({ type: 'timing', model, status: { state: 'running', progress, what } }),
    );
    timings.set(model, timing);
    post({ type: 'timing', model, status: { state: 'done', timing } });
  } catch (error) {
    // Of a lost device the page is told once.
    const ended = signal.aborted || error instanceof DeviceLostError;
    post({ type: 'timing', model, status: ended ? lastTiming(model) : failed(error) });
  }
}

/** What a timing that was broken off goes back to. */
function lastTiming(model: Model): TimingStatus {
  const timing = timings.get(model);
  return timing ? { state: 'done', timing } : { state: 'idle' };
}

function failed(error: unknown): TimingStatus {
  return { state: 'failed', problem: describeProblem(error) };
}

async function openRun(model: Model): Promise<ModelRun> {
  place ??= openPlace();
  const { device } = await place;
  let run: ModelRun;
  try {
    run = await ModelRun.create(caseStudy[model], device);
  } catch (error) {
    // With the other model on the GPU already, the page is not one that trains on the CPU.
    if (!device || runs.size > 0 || error instanceof DeviceLostError) throw error;
    console.error(error);
    run = await ModelRun.create(caseStudy[model], undefined);
    useCpu('WebGPU is here, but this page could not train with it.');
  }
  runs.set(model, run);
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
    for (const [model, run] of runs) {
      run.destroy();
      lost.add(model);
      post({ type: 'problem', model, problem });
    }
    runs.clear();
  });
  return { device };
}

function useCpu(reason: string): void {
  place = Promise.resolve({ device: undefined });
  post({ type: 'adapter', adapter: { backend: 'cpu', name: 'CPU', software: false, reason } });
}

function show(model: Model, frame: Frame, fresh: boolean): void {
  post({ type: 'frame', model, fresh, ...frame });
}

function postStatus(model: Model, status: RunStatus): void {
  post({ type: 'status', model, status });
}

function post(report: Report): void {
  postMessage(report);
}

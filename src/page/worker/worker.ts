import { DestroyedError, DeviceLostError, ShaderError } from '../../index.ts';
import { PlanCache } from '../found-plans.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import { NoGpu, requestGpu } from './adapter.ts';
import { Experiment } from './experiment.ts';
import { problemOf } from './problems.ts';
import type { AdapterReport, Command, Frame, NoGpuReason, Report, RunStatus } from './protocol.ts';
import { timeBackends } from './time-backends.ts';

/** Where training runs, opened once and again after a loss. */
interface Place {
  device: GPUDevice | undefined;
  report: AdapterReport;
}

/** A request that takes its turn. */
type Work = Exclude<Command, { type: 'remember' | 'benchmark' | 'calm' | 'pause' }>;

const cache = new PlanCache((key, candidate) => post({ type: 'found', key, candidate }));
let place: Promise<Place> | undefined;
/** The run that the page shows, and what it was opened with. */
let run = 0;
let opened: Settings | undefined;
let experiment: Experiment | undefined;
/** Milliseconds between pictures, at least. */
let interval = 100;
/** Ends what is under way. */
let activity = new AbortController();
/** Updates asked for and not begun. */
let pendingSteps = 0;
/** Whether training is under way, which changes on the way do not end. */
let training = false;
/** Requests are carried out one after the other. */
let queue = Promise.resolve();

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  switch (command.type) {
    case 'remember':
      return cache.remember(command.found);
    case 'benchmark':
      // In a worker of its own, which does nothing else.
      return void import('../benchmark/run.ts').then(({ runBenchmark }) =>
        runBenchmark(command.options, cache, (report) => postMessage(report)),
      );
    case 'calm':
      interval = command.interval;
      return;
    case 'step':
      // Steps add up; everything else ends what is under way.
      pendingSteps += command.steps;
      if (pendingSteps > command.steps) return;
      break;
    default:
      pendingSteps = 0;
  }
  activity.abort();
  if (command.type !== 'adjust') training = command.type === 'train';
  if (command.type === 'pause') return;
  activity = new AbortController();
  const { signal } = activity;
  queue = queue.then(() => execute(command, signal)).catch(report);
});

/** Tells the page of an error, unless it has been told already. */
function report(error: unknown): void {
  training = false;
  // An experiment is destroyed when its device is lost, and of that the page is told there.
  if (error instanceof DestroyedError) return;
  post({ type: 'problem', run, problem: problemOf(error) });
}

async function execute(command: Work, signal: AbortSignal): Promise<void> {
  if (command.type === 'open') return open(command, signal);
  if (command.type === 'rewind') return rewind();
  if (!experiment) return;
  switch (command.type) {
    case 'train':
      return train(signal);
    case 'step':
      return advance();
    case 'adjust':
      await experiment.adjust(command.settings);
      opened = experiment.settings;
      if (training) return train(signal);
      return show(await experiment.frame(), false, standing());
    case 'time':
      return time(signal);
  }
}

async function open(command: Extract<Work, { type: 'open' }>, signal: AbortSignal): Promise<void> {
  const { settings, step, turns } = command;
  experiment?.destroy();
  experiment = undefined;
  run = command.run;
  opened = settings;
  // What has been asked for meanwhile makes this one needless.
  if (signal.aborted) return;
  const created = await create(settings);
  experiment = created;
  if (!created) return postStatus('empty');
  show(await created.frame(), true, 'untrained');
  await created.timeDrawing();
  if (step > 0) await repeat(created, turns, step, signal);
}

/** Repeats a run up to a step, with the turns that it took. */
async function repeat(
  repeated: Experiment,
  turns: readonly Turn[],
  step: number,
  signal: AbortSignal,
): Promise<void> {
  let { settings } = repeated;
  postStatus('training');
  for (const turn of [...turns, { step }]) {
    const { step: stopStep, ...values } = turn;
    await repeated.adjust({ ...settings, stopStep, stopLoss: 0, stopAccuracy: 0, patience: 0, speed: 0 });
    if (!signal.aborted) {
      const frame = await repeated.train(signal, interval, (frame) => show(frame, false));
      show(frame, false);
    }
    settings = { ...settings, ...values };
  }
  await repeated.adjust(settings);
  opened = settings;
  show(await repeated.frame(), false, standing());
}

async function train(signal: AbortSignal): Promise<void> {
  if (!experiment || signal.aborted) return;
  const { stopped } = experiment;
  if (stopped) return postStatus('finished');
  postStatus('training');
  const frame = await experiment.train(signal, interval, (frame) => show(frame, false));
  // Settings that are taken over on the way leave it training.
  const goesOn = training && signal.aborted;
  if (!goesOn) training = false;
  show(frame, false, goesOn ? undefined : standing());
}

async function advance(): Promise<void> {
  if (!experiment || experiment.stopped || pendingSteps === 0) return;
  const steps = pendingSteps;
  pendingSteps = 0;
  await experiment.advance(steps);
  show(await experiment.frame(), false, standing());
}

async function rewind(): Promise<void> {
  if (!experiment && opened) experiment = await create(opened);
  else await experiment?.rewind();
  if (!experiment) return;
  show(await experiment.frame(), true, 'untrained');
}

/** What a run that is not training is. */
function standing(): RunStatus {
  if (experiment?.stopped) return 'finished';
  return experiment?.step === 0 ? 'untrained' : 'paused';
}

/** Compares the backends, where there are two. */
async function time(signal: AbortSignal): Promise<void> {
  const { device } = (await place) ?? {};
  if (!device || !experiment) return;
  const asked = run;
  const tell = (status: Extract<Report, { type: 'timing' }>['status']) =>
    post({ type: 'timing', run: asked, status });
  try {
    const { settings, trainingData } = experiment;
    const timing = await timeBackends(settings, trainingData, { device, cache }, signal, (progress) =>
      tell({ state: 'running', ...progress }),
    );
    tell({ state: 'done', timing });
  } catch (error) {
    // Of a lost device the page is told once.
    const ended = signal.aborted || error instanceof DeviceLostError;
    tell(ended ? { state: 'idle' } : { state: 'failed', problem: problemOf(error) });
  }
}

async function create(settings: Settings): Promise<Experiment | undefined> {
  if (settings.backend === 'cpu') {
    post({ type: 'adapter', adapter: onCpu('chosen') });
    return Experiment.create(settings, { device: undefined, cache });
  }
  place ??= openPlace();
  const { device, report } = await place;
  post({ type: 'adapter', adapter: report });
  try {
    return await Experiment.create(settings, { device, cache });
  } catch (error) {
    // What the device does not take is not a reason to do without it; that its kernels fail is.
    if (!device || !(error instanceof ShaderError)) throw error;
    console.error(error);
    place = Promise.resolve({ device: undefined, report: onCpu('failed') });
    return create(settings);
  }
}

async function openPlace(): Promise<Place> {
  const gpu = await requestGpu(navigator.gpu);
  if (gpu instanceof NoGpu) return { device: undefined, report: onCpu(gpu.reason) };
  const { device, report } = gpu;
  device.lost.then(async ({ message }) => {
    if ((await place)?.device !== device) return;
    place = undefined;
    experiment?.destroy();
    experiment = undefined;
    training = false;
    post({ type: 'problem', run, problem: problemOf(new DeviceLostError(message)) });
  });
  return { device, report };
}

function onCpu(reason: NoGpuReason): AdapterReport {
  return { backend: 'cpu', name: 'CPU', software: false, reason };
}

/** The state and the status in one message, so that the page never shows one without the other. */
function show(frame: Frame, fresh: boolean, status?: RunStatus): void {
  const stopped = status === 'finished' ? experiment?.stopped : undefined;
  post({ type: 'frame', run, fresh, frame, ...(status && { status }), ...(stopped && { stopped }) });
}

function postStatus(status: RunStatus): void {
  const stopped = status === 'finished' ? experiment?.stopped : undefined;
  post({ type: 'status', run, status, ...(stopped && { stopped }) });
}

function post(report: Report): void {
  postMessage(report);
}

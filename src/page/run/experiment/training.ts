import { type AnyDataset, type Checkpoint, caseStudy, NonFiniteError } from '../../../index.ts';
import { measure, type Network } from '../../settings/network.ts';
import type { Settings } from '../../settings/settings.ts';
import { studyOf } from '../../settings/study.ts';
import type { Frame, StopReason } from '../protocol.ts';
import { FrameStream, type Glance } from './frame-stream.ts';
import { keepPace } from './pace.ts';
import type { Pictures } from './pictures.ts';
import { pointSpacing, segmentSteps } from './segments.ts';
import { Stopping } from './stopping.ts';

/** The most milliseconds of a segment of training: other work on the trainer waits for its end. */
const SEGMENT = 250;

/** The pictures and the end of a run. */
export interface TrainingWatch {
  signal: AbortSignal;
  /** Milliseconds between pictures, at least. */
  interval: () => number;
  /** Whether anybody sees pictures. */
  seen: () => boolean;
  show: (frame: Frame) => void;
  /** The last step, at full speed; by default the settings' last step, at their speed. */
  until?: number;
  /** Whether the settings' stop conditions end the run; default true. */
  heedsStops?: boolean;
}

/** A run, as training sees it. */
export interface TrainedRun {
  readonly step: number;
  readonly settings: Settings;
  readonly trainer: Network;
  readonly testData: AnyDataset | undefined;
  readonly pictures: Pictures;
  readonly stopping: Stopping;
  /** The stop condition that ended the run, if any. */
  readonly stopped: StopReason | undefined;
  /** The state at the last change of the settings that a step depends on. */
  readonly turned: Checkpoint;
  /** What a frame says of the run beside its figures and pictures. */
  readonly told: Omit<Glance, 'evidence' | 'insight'>;
  /** Keeps the present state now and then. */
  keep(): Promise<void>;
  /** Pictures during training, beside the figures of a step. */
  glance(step: number): Promise<Glance>;
  /** The present state, with its pictures. */
  frame(): Promise<Frame>;
  /** Runs work when all earlier work has ended. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Trains until the run stops by itself, or the signal is aborted. Pictures are drawn beside training,
 * at most one an interval.
 * @returns the state at the step where training ended, with the mean speed
 */
export async function train(run: TrainedRun, options: TrainingWatch): Promise<Frame> {
  const { signal, interval, seen, show, until, heedsStops = true } = options;
  const { step: first, pictures } = run;
  const start = performance.now();
  const frames = new FrameStream(first, {
    interval: () => pictures.gap(interval(), seen()),
    glance: (step) => run.glance(step),
    soon: () => (pictures.late ? run.told : undefined),
    show,
  });
  pictures.begin();
  const { stopStep, speed } = run.settings;
  const end = until === undefined ? stopStep : heedsStops && stopStep > 0 ? Math.min(until, stopStep) : until;
  const pace = until === undefined ? speed : 0;
  let [due, busy] = [start, 0];
  try {
    while (!signal.aborted && !(heedsStops && run.stopped) && (end === 0 || run.step < end)) {
      const [before, from] = [performance.now(), run.step];
      try {
        await run.alone(async () => {
          await trainSegment(run, frames, { signal, end, pace, heedsStops });
          await run.keep();
        });
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        busy += performance.now() - before;
      }
      if (pace > 0) due = await keepPace(due, (run.step - from) / pace, signal);
    }
    await run.alone(() => measureRest(run, frames));
    await frames.settle();
    const trained = run.step - first;
    const frame = await run.frame();
    const seconds = (pace > 0 ? performance.now() - start : busy) / 1000;
    return {
      ...withPoints(frames, frame),
      ...(trained > 0 && seconds > 0 && { stepsPerSecond: trained / seconds }),
    };
  } catch (error) {
    await frames.settle();
    // A large network would take too long.
    if (error instanceof NonFiniteError && !pictures.late) {
      const { turned } = run;
      const states = [...pictures.looked.filter(({ step }) => step >= turned.step), turned];
      const { measureBefore } = await import('./divergence.ts');
      await measureBefore(error, run.trainer, states, (measurement) => frames.add(measurement));
    }
    const frame = await run.frame().catch(() => undefined);
    const { latest } = frames;
    if (frame) show(withPoints(frames, frame));
    else if (latest) show({ latest, ...frames.take(), ...run.told });
    throw error;
  }
}

interface Segment {
  signal: AbortSignal;
  /** The last step; 0: none. */
  end: number;
  pace: number;
  heedsStops: boolean;
}

/** Trains up to the next point that has to be measured, for at most `SEGMENT` milliseconds. */
async function trainSegment(
  { step, settings, trainer, testData: test, stopping }: TrainedRun,
  frames: FrameStream,
  { signal, end, pace, heedsStops }: Segment,
): Promise<void> {
  const watched = heedsStops && Stopping.watches(settings);
  const stops = watched || test !== undefined;
  const study = studyOf(settings);
  const printed = study && caseStudy[study];
  const steps = segmentSteps({ ...settings, speed: pace }, step, { stops, end, printed });
  const every = pointSpacing(settings.stopStep, step, printed);
  const over = AbortSignal.timeout(SEGMENT);
  const ended = AbortSignal.any([signal, over]);
  try {
    for await (const measurement of trainer.run({ steps, every, signal: ended })) frames.add(measurement);
  } catch (error) {
    if (error !== over.reason || signal.aborted) throw error;
  }
  const atPoint = trainer.step % every === 0;
  if (stops && atPoint) {
    const [latest, tested] = await Promise.all([measure(trainer), test ? measure(trainer, test) : undefined]);
    if (tested) frames.addTest(tested);
    if (watched) stopping.look(settings, tested ?? latest);
    frames.add(latest);
  } else if (frames.due) frames.show(await measure(trainer));
}

/** Takes the measurements that came too late for the last segment. */
async function measureRest({ trainer }: TrainedRun, frames: FrameStream): Promise<void> {
  for await (const measurement of trainer.run({ steps: 0, every: 1 })) frames.add(measurement);
}

/** A frame after all points that have not been shown yet. */
function withPoints(frames: FrameStream, frame: Frame): Frame {
  const { points, testPoints } = frames.take();
  return {
    ...frame,
    points: [...points, ...frame.points],
    testPoints: [...testPoints, ...frame.testPoints],
  };
}

import {
  type Checkpoint,
  caseStudy,
  createTrainer,
  type Dataset,
  DestroyedError,
  type Measurement,
  NonFiniteError,
  type Recovery,
  type Trainer,
  type TrainerOptions,
} from '../../../index.ts';
import { planeData } from '../../settings/plane-data.ts';
import type { Settings, Turn } from '../../settings/settings.ts';
import { studyOf, trainerOptions } from '../../settings/trainer-options.ts';
import { PASSES } from '../../settings/work.ts';
import type { PlanCache } from '../found-plans.ts';
import type { Frame, StopReason } from '../protocol.ts';
import type { ComparedStep } from '../side-checks/inside.ts';
import { FrameStream, type Glance } from './frame-stream.ts';
import { measureBefore, timedMeasurement } from './measurements.ts';
import { keepPace } from './pace.ts';
import { type Data, Pictures } from './pictures.ts';
import { pointSpacing, Stopping } from './stopping.ts';

/** The most milliseconds of a segment of training: other work on the trainer waits for its end. */
const SEGMENT = 250;
/** The device and the caches of an experiment. */
export interface Resources {
  /** The device to train on; undefined: training runs on the CPU. */
  device: GPUDevice | undefined;
  cache: PlanCache;
  /** Gives the device that replaces a lost one. */
  another: () => Promise<GPUDevice>;
}

/** The pictures and the end of a run. */
interface TrainingWatch {
  signal: AbortSignal;
  /** Milliseconds between pictures, at least. */
  interval: () => number;
  show: (frame: Frame) => void;
  /** The last step, at full speed; by default the settings' last step, at their speed. */
  until?: number;
  /** Whether the settings' stop conditions end the run; default true. */
  heedsStops?: boolean;
}

/** One run: a trainer with its data, its starting point and its pictures. */
export class Experiment {
  readonly #resources: Resources;
  readonly #data: Data;
  readonly #pictures: Pictures;
  #settings: Settings;
  #trainer: Trainer;
  readonly #initial: Checkpoint;
  /** The state at the last change of the settings that a step depends on. */
  #turned: Checkpoint;
  #stopping = new Stopping();
  #turns: Turn[];
  /** Recoveries of earlier trainers of this run. */
  #recoveries: Recovery[] = [];
  /** Resolves when the present segment, or read of a standing step, has ended. */
  #trainerFree: Promise<unknown> = Promise.resolve();
  /** Seconds of a step, guessed from the first measurement. */
  #stepSeconds: number | undefined;
  #destroyed = false;

  private constructor(
    resources: Resources,
    settings: Settings,
    data: Data,
    trainer: Trainer,
    initial: Checkpoint,
  ) {
    this.#resources = resources;
    this.#settings = settings;
    this.#data = data;
    this.#trainer = trainer;
    this.#initial = initial;
    this.#turned = initial;
    this.#turns = [turnAt(0, settings)];
    const { parameters } = initial;
    this.#pictures = new Pictures(
      data,
      parameters.reduce((sum, { weights }) => sum + weights.length, 0),
    );
  }

  /**
   * Undefined if there are no training points.
   * @throws the signal's reason after an abort, with everything freed
   */
  static async create(
    settings: Settings,
    resources: Resources,
    signal: AbortSignal,
  ): Promise<Experiment | undefined> {
    const data = planeData(settings);
    const { train } = data;
    if (!train) return undefined;
    const trainer = await openTrainer(settings, train, resources, signal);
    try {
      return new Experiment(resources, settings, { ...data, train }, trainer, await trainer.save());
    } catch (error) {
      trainer.destroy();
      throw error;
    }
  }

  get step(): number {
    return this.#trainer.step;
  }

  /** The stop condition that ended the run, if any. */
  get stopped(): StopReason | undefined {
    return this.#stopping.reason(this.#settings, this.step);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  /** The trainer's options without backend and device. */
  get trainerOptions(): TrainerOptions {
    return trainerOptions(this.#settings, this.#data.train);
  }

  /** The device and the caches. */
  get resources(): Resources {
    return this.#resources;
  }

  /** The training points as a data set. */
  get trainingData(): Dataset {
    return this.#data.train;
  }

  /**
   * Trains until it stops by itself, or the signal is aborted. Pictures are drawn beside training,
   * at most one an interval.
   * @returns the state at the step where training ended, with the mean speed
   */
  async train(options: TrainingWatch): Promise<Frame> {
    const { signal, interval, show, until, heedsStops = true } = options;
    const first = this.step;
    const start = performance.now();
    const frames = new FrameStream(first, {
      interval: () => Math.max(interval(), this.#pictures.interval),
      glance: () => this.#glance(),
      soon: () => (this.picturesLate ? this.#told : undefined),
      show,
    });
    const { stopStep } = this.#settings;
    const end =
      until === undefined ? stopStep : heedsStops && stopStep > 0 ? Math.min(until, stopStep) : until;
    const pace = until === undefined ? this.#settings.speed : 0;
    let [due, busy] = [start, 0];
    try {
      while (!signal.aborted && !(heedsStops && this.stopped) && (end === 0 || this.step < end)) {
        const [before, from] = [performance.now(), this.step];
        try {
          await this.#alone(() => this.#segment(frames, { signal, end, pace, heedsStops }));
        } catch (error) {
          if (!signal.aborted) throw error;
        } finally {
          busy += performance.now() - before;
        }
        if (pace > 0) due = await keepPace(due, (this.step - from) / pace, signal);
      }
      await this.#alone(() => this.#measureRest(frames));
      await frames.settle();
      const trained = this.step - first;
      const frame = await this.frame();
      const seconds = (pace > 0 ? performance.now() - start : busy) / 1000;
      return {
        ...withPoints(frames, frame),
        ...(trained > 0 && seconds > 0 && { stepsPerSecond: trained / seconds }),
      };
    } catch (error) {
      await frames.settle();
      // A large network would take too long.
      if (error instanceof NonFiniteError && !this.picturesLate) {
        const states = [
          ...this.#pictures.looked.filter(({ step }) => step >= this.#turned.step),
          this.#turned,
        ];
        await measureBefore(error, this.#trainer, states, (measurement) => frames.add(measurement));
      }
      const frame = await this.frame().catch(() => undefined);
      const { latest } = frames;
      if (frame) show(withPoints(frames, frame));
      else if (latest) show({ latest, ...frames.take(), ...this.#told });
      throw error;
    }
  }

  /** Trains up to the next point that has to be measured, for at most `SEGMENT` milliseconds. */
  async #segment(
    frames: FrameStream,
    {
      signal,
      end,
      pace,
      heedsStops,
    }: { signal: AbortSignal; end: number; pace: number; heedsStops: boolean },
  ): Promise<void> {
    const settings = this.#settings;
    const { test } = this.#data;
    const watched = heedsStops && Stopping.watches(settings);
    const stops = watched || test !== undefined;
    const study = studyOf(settings);
    const printed = study && caseStudy[study];
    const steps = Stopping.segment({ ...settings, speed: pace }, this.step, { stops, end, printed });
    const every = pointSpacing(settings.stopStep, this.step, printed);
    const over = AbortSignal.timeout(SEGMENT);
    const ended = AbortSignal.any([signal, over]);
    try {
      for await (const measurement of this.#trainer.run({ steps, every, signal: ended }))
        frames.add(measurement);
    } catch (error) {
      if (error !== over.reason || signal.aborted) throw error;
    }
    const atPoint = this.step % every === 0;
    if (stops && atPoint) {
      const [latest, tested] = await Promise.all([
        this.#trainer.measure(),
        test ? this.#trainer.measure(test) : undefined,
      ]);
      if (tested) frames.addTest(tested);
      if (watched) this.#stopping.look(settings, tested ?? latest);
      frames.add(latest);
    } else if (frames.due) frames.show(await this.#trainer.measure());
  }

  /** Takes the measurements that came too late for the last segment. */
  async #measureRest(frames: FrameStream): Promise<void> {
    for await (const measurement of this.#trainer.run({ steps: 0, every: 1 })) frames.add(measurement);
  }

  /** Reads the next step with all its tensors; during training, between two segments. */
  async readStep(): Promise<ComparedStep> {
    const { readStep, compareStep } = await import('../side-checks/inside.ts');
    const [read, options] = await this.#alone(
      async () => [await readStep(this.#trainer), this.trainerOptions] as const,
    );
    return compareStep(read, options);
  }

  /** Runs work when all earlier work has ended. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#trainerFree.then(work);
    this.#trainerFree = result.catch(() => {});
    return result;
  }

  async rewind(): Promise<void> {
    await this.#trainer.restore(this.#initial);
    this.#stopping = new Stopping();
    this.#turned = this.#initial;
    this.#pictures.forget();
    this.#turns = [turnAt(0, this.#settings)];
  }

  /** Applies settings that need no new run. An error leaves the run as it was. */
  async adjust(settings: Settings): Promise<void> {
    const { learningRate, l2, plan } = this.#settings;
    if (learningRate !== settings.learningRate || l2 !== settings.l2 || plan !== settings.plan) {
      const turned = await this.#trainer.save();
      if (plan !== settings.plan) this.#trainer = await this.#alone(() => this.#replaced(settings, turned));
      else this.#trainer.set({ learningRate: settings.learningRate, l2: settings.l2 });
      this.#turned = turned;
      this.#turns = [...this.#turns.filter(({ step }) => step < this.step), turnAt(this.step, settings)];
    }
    this.#settings = settings;
    this.#stopping.resume(this.step);
  }

  /** Replaces the trainer by one with another plan, at the same step. */
  async #replaced(settings: Settings, checkpoint: Checkpoint): Promise<Trainer> {
    const trainer = await openTrainer(settings, this.#data.train, this.#resources);
    try {
      await trainer.restore(checkpoint);
      if (this.#destroyed) throw new DestroyedError('adjust');
    } catch (error) {
      trainer.destroy();
      throw error;
    }
    this.#recoveries.push(...this.#trainer.recoveries);
    this.#trainer.destroy();
    return trainer;
  }

  /** Whether the network is so large that its figures are shown before its pictures. */
  get picturesLate(): boolean {
    return this.#pictures.late;
  }

  /**
   * The present state, with the regions and insight; by default without both if the pictures of
   * this network are late.
   */
  async frame(drawn: { regions?: boolean; inside?: boolean } = {}): Promise<Frame> {
    const { regions = !this.picturesLate, inside = regions } = drawn;
    const { test } = this.#data;
    // Pictures may find no memory. The run goes on without them; its own errors come from measuring.
    const missing = () => undefined;
    const [latest, tested, evidence, insight] = await Promise.all([
      this.#measured(),
      test && this.#trainer.measure(test),
      regions ? this.#pictures.evidence(this.#trainer).catch(missing) : undefined,
      inside ? this.#pictures.look(this.#trainer, this.#settings).catch(missing) : undefined,
    ]);
    const pictures = { ...(evidence && { evidence }), ...(insight && { insight }) };
    return { latest, points: [latest], testPoints: tested ? [tested] : [], ...pictures, ...this.#told };
  }

  /** Measures the training points; the first time, this tells how long a step takes. */
  async #measured(): Promise<Measurement> {
    if (this.#stepSeconds !== undefined) return this.#trainer.measure();
    const { train } = this.#data;
    const { measurement, rowTime } = await timedMeasurement(this.#trainer, train.count);
    const { batchSize } = this.#settings;
    const rows = batchSize > 0 ? Math.min(batchSize, train.count) : train.count;
    this.#stepSeconds = (PASSES * rowTime * rows) / 1000;
    this.#pictures.expect(rowTime);
    return measurement;
  }

  /** Pictures and figures during training. */
  async #glance(): Promise<Glance> {
    return { ...(await this.#pictures.glance(this.#trainer, this.#settings)), ...this.#told };
  }

  /** Times drawing. The first pictures have compiled their kernels by then. */
  async timeDrawing(): Promise<void> {
    await this.#pictures.time(this.#trainer, this.#settings);
  }

  /** The plan, the turns so far, the recoveries, and how slow and how fine the run is. */
  get #told(): Omit<Glance, 'evidence' | 'insight'> {
    const { backend, plan, tuning, recoveries } = this.#trainer;
    const { plan: tuned, chosen, reason } = tuning;
    return {
      planReport: { backend, plan, tuning: { plan: tuned, chosen, reason } },
      turns: this.#turns,
      recoveries: [...this.#recoveries, ...recoveries],
      stepSeconds: this.#stepSeconds ?? 0,
      nodes: this.#pictures.nodes,
    };
  }

  destroy(): void {
    this.#destroyed = true;
    this.#trainer.destroy();
  }
}

const turnAt = (step: number, { learningRate, l2, plan }: Settings): Turn => ({
  step,
  learningRate,
  l2,
  plan,
});

/** A frame after all points that have not been shown yet. */
function withPoints(frames: FrameStream, frame: Frame): Frame {
  const { points, testPoints } = frames.take();
  return {
    ...frame,
    points: [...points, ...frame.points],
    testPoints: [...testPoints, ...frame.testPoints],
  };
}

function openTrainer(
  settings: Settings,
  data: Dataset,
  resources: Resources,
  signal?: AbortSignal,
): Promise<Trainer> {
  const options = { ...trainerOptions(settings, data), ...(signal && { signal }) };
  const { device, cache, another } = resources;
  if (!device) return createTrainer({ ...options, backend: 'cpu' });
  const recovery = { requestDevice: another };
  return createTrainer({ ...options, plan: settings.plan, tuning: { cache }, device, recovery });
}

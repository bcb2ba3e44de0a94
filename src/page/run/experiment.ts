import {
  type Checkpoint,
  createTrainer,
  type Dataset,
  DestroyedError,
  type Recovery,
  type Trainer,
  type TrainerOptions,
} from '../../index.ts';
import { planeData } from '../settings/plane-data.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import { trainerOptions } from '../settings/trainer-options.ts';
import type { PlanCache } from './found-plans.ts';
import { type Data, Pictures } from './pictures.ts';
import type { Frame, InsideState, StopReason, Way } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { pointSpacing, Stopping } from './stopping.ts';

/**
 * Milliseconds of training between two looks at whether the page should hear of it, and steps
 * before that is known.
 */
const SEGMENT = 250;
const FIRST_SEGMENT = 1;
/** By how much one may be longer than the one before. */
const GROWTH = 8;
/** Milliseconds that a slowed run may be late without losing them. */
const MOST_LATE = 200;

/** Where an experiment runs. */
export interface Place {
  /** Without it, training runs on the CPU. */
  device: GPUDevice | undefined;
  cache: PlanCache;
  /** Gives a device in place of one that was lost. */
  another: () => Promise<GPUDevice>;
}

/** How a run is watched while it trains. */
export interface TrainingWatch {
  signal: AbortSignal;
  /** Milliseconds between pictures, at least. */
  interval: () => number;
  show: (frame: Frame) => void;
  /** The step to go to, as fast as possible; else it is the settings' last one, at their pace. */
  until?: number;
  /** Whether it stops where the settings have it; default true. */
  heedsStops?: boolean;
}

/** One run: a trainer with its data and its starting point, and what is seen of it. */
export class Experiment {
  readonly #place: Place;
  readonly #data: Data;
  readonly #pictures: Pictures;
  #settings: Settings;
  #trainer: Trainer;
  readonly #initial: Checkpoint;
  #stopping = new Stopping();
  #turns: Turn[];
  /** Of the trainers before the present one. */
  #recoveries: Recovery[] = [];
  /** Steps of the next segment at the most. */
  #segmentSteps = FIRST_SEGMENT;
  /**
   * Resolves when nothing trains that has begun, nor is anything read that needs the step to stand.
   */
  #turn: Promise<unknown> = Promise.resolve();
  #destroyed = false;

  private constructor(place: Place, settings: Settings, data: Data, trainer: Trainer, initial: Checkpoint) {
    this.#place = place;
    this.#settings = settings;
    this.#data = data;
    this.#trainer = trainer;
    this.#initial = initial;
    this.#turns = [turnAt(0, settings)];
    this.#pictures = new Pictures(data);
  }

  /** Undefined where there is nothing to learn from. */
  static async create(settings: Settings, place: Place): Promise<Experiment | undefined> {
    const data = planeData(settings);
    const { train } = data;
    if (!train) return undefined;
    const trainer = await openTrainer(settings, train, place);
    try {
      return new Experiment(place, settings, { ...data, train }, trainer, await trainer.save());
    } catch (error) {
      trainer.destroy();
      throw error;
    }
  }

  get step(): number {
    return this.#trainer.step;
  }

  /** Why it goes no further by itself. */
  get stopped(): StopReason | undefined {
    return this.#stopping.reason(this.#settings, this.step);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  /** What the trainer was made with, but for where it trains. */
  get trainerOptions(): TrainerOptions {
    return trainerOptions(this.#settings, this.#data.train);
  }

  /** Where it trains. */
  get place(): Place {
    return this.#place;
  }

  /** What the CPU and the GPU are compared on. */
  get trainingData(): Dataset {
    return this.#data.train;
  }

  /**
   * Trains until it stops by itself, or the signal is aborted. Drawing goes on beside training, at
   * most once an interval.
   * @returns the state at the step where training ended, with the mean speed
   */
  async train(options: TrainingWatch): Promise<Frame> {
    const { signal, interval, show, until, heedsStops = true } = options;
    const first = this.step;
    const start = performance.now();
    const recorder = new Recorder(first, {
      interval: () => Math.max(interval(), this.#pictures.interval),
      glance: () => this.#glance(),
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
          await this.#alone(() => this.#segment(recorder, { signal, end, pace, heedsStops }));
        } finally {
          busy += performance.now() - before;
        }
        if (pace > 0) due = await keepPace(due, (this.step - from) / pace, signal);
      }
    } catch (error) {
      if (!signal.aborted) {
        await recorder.settle();
        const { latest } = recorder;
        if (latest) show({ latest, ...recorder.take(), ...this.#told });
        throw error;
      }
      await this.#alone(() => this.#measureRest(recorder));
    }
    await recorder.settle();
    const trained = this.step - first;
    const frame = await this.frame();
    const seconds = (pace > 0 ? performance.now() - start : busy) / 1000;
    const { points, testPoints } = recorder.take();
    return {
      ...frame,
      points: [...points, ...frame.points],
      testPoints: [...testPoints, ...frame.testPoints],
      ...(trained > 0 && seconds > 0 && { stepsPerSecond: trained / seconds }),
    };
  }

  /**
   * Trains up to where something has to be looked at, or for so long that the page should hear of
   * it.
   */
  async #segment(
    recorder: Recorder,
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
    const from = this.step;
    const wanted = Stopping.segment({ ...settings, speed: pace }, from, stops, end);
    const steps = Math.min(wanted, this.#segmentSteps);
    const every = pointSpacing(settings.stopStep, from);
    const start = performance.now();
    for await (const measurement of this.#trainer.run({ steps, every, signal })) recorder.add(measurement);
    const duration = performance.now() - start;
    if (steps < wanted || duration > SEGMENT) {
      const fitting = Math.ceil((steps * SEGMENT) / Math.max(duration, 1));
      this.#segmentSteps = Math.max(1, Math.min(fitting, GROWTH * steps));
    }
    const atPoint = this.step % every === 0;
    if (stops && atPoint) {
      const [latest, tested] = await Promise.all([
        this.#trainer.measure(),
        test ? this.#trainer.measure(test) : undefined,
      ]);
      if (tested) recorder.addTest(tested);
      if (watched) this.#stopping.look(settings, tested ?? latest);
      recorder.add(latest);
    } else if (recorder.due) recorder.show(await this.#trainer.measure());
  }

  /** Takes the measurements that an aborted run has left. */
  async #measureRest(recorder: Recorder): Promise<void> {
    for await (const measurement of this.#trainer.run({ steps: 0, every: 1 })) recorder.add(measurement);
  }

  /** The next step in all its parts; while it trains, that between two segments. */
  async readStep(): Promise<InsideState> {
    const { readStep, compareStep } = await import('./inside.ts');
    const [read, options] = await this.#alone(
      async () => [await readStep(this.#trainer), this.trainerOptions] as const,
    );
    return compareStep(read, options);
  }

  /** Carries out one piece of work after the other. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async rewind(): Promise<void> {
    await this.#trainer.restore(this.#initial);
    this.#stopping = new Stopping();
    this.#turns = [turnAt(0, this.#settings)];
  }

  /** Takes over settings that need no new start. */
  async adjust(settings: Settings): Promise<void> {
    const { learningRate, l2, plan } = this.#settings;
    if (learningRate !== settings.learningRate || l2 !== settings.l2 || plan !== settings.plan) {
      if (plan !== settings.plan) this.#trainer = await this.#alone(() => this.#replaced(settings));
      else this.#trainer.set({ learningRate: settings.learningRate, l2: settings.l2 });
      this.#turns = [...this.#turns.filter(({ step }) => step < this.step), turnAt(this.step, settings)];
    }
    this.#settings = settings;
    this.#stopping.resume(this.step);
  }

  /** A trainer with another plan in place of the present one, at the same step. */
  async #replaced(settings: Settings): Promise<Trainer> {
    const checkpoint = await this.#trainer.save();
    const trainer = await openTrainer(settings, this.#data.train, this.#place);
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

  /** The present state, with or without a look inside. */
  async frame(inside = true): Promise<Frame> {
    const { test } = this.#data;
    const [latest, tested, evidence, insight] = await Promise.all([
      this.#trainer.measure(),
      test && this.#trainer.measure(test),
      this.#pictures.evidence(this.#trainer),
      inside ? this.#pictures.look(this.#trainer, this.#settings) : undefined,
    ]);
    const testPoints = tested ? [tested] : [];
    return { latest, points: [latest], testPoints, evidence, ...(insight && { insight }), ...this.#told };
  }

  /** What is seen beside training. */
  async #glance(): Promise<Pick<Frame, 'evidence' | 'insight' | 'way' | 'turns' | 'recoveries'>> {
    return { ...(await this.#pictures.glance(this.#trainer, this.#settings)), ...this.#told };
  }

  /** Finds out what drawing costs, once the first pictures have compiled what they need. */
  async timeDrawing(): Promise<void> {
    await this.#pictures.time(this.#trainer, this.#settings);
  }

  /** How it is computed, and what it took over. */
  get #told(): { way: Way; turns: readonly Turn[]; recoveries: readonly Recovery[] } {
    const { plan, tuning, recoveries } = this.#trainer;
    return {
      way: { plan, chosen: tuning.chosen, reason: tuning.reason },
      turns: this.#turns,
      recoveries: [...this.#recoveries, ...recoveries],
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

/**
 * Waits until the next steps are due, or until the signal is aborted.
 * @param due when the last ones were; @param seconds that they were to take
 * @returns when the next ones are; what was late is not made up for
 */
function keepPace(due: number, seconds: number, signal: AbortSignal): Promise<number> {
  const now = performance.now();
  const next = Math.max(due + 1000 * seconds, now - MOST_LATE);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(next);
    };
    const timer = setTimeout(end, next - now);
    signal.addEventListener('abort', end);
  });
}

function openTrainer(settings: Settings, data: Dataset, place: Place): Promise<Trainer> {
  const options = trainerOptions(settings, data);
  const { device, cache, another } = place;
  if (!device) return createTrainer({ ...options, backend: 'cpu' });
  const recovery = { requestDevice: another };
  return createTrainer({ ...options, plan: settings.plan, tuning: { cache }, device, recovery });
}

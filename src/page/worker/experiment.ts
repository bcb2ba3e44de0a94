import { type Checkpoint, createTrainer, type Dataset, type Measurement, type Trainer } from '../../index.ts';
import type { PlanCache } from '../found-plans.ts';
import { gridInputs, NODES, UNIT_NODES } from '../plane.ts';
import { type PlaneData, planeData } from '../settings/plane-data.ts';
import type { Settings, Turn } from '../settings/settings.ts';
import { trainerOptions } from '../settings/trainer-options.ts';
import { lookInside } from './insight.ts';
import type { Frame, Insight, StopReason, Way } from './protocol.ts';
import { Rate } from './rate.ts';
import { pointSpacing, Stopping } from './stopping.ts';

/** The part of the time that drawing, and looking inside, may each take from training. */
const DRAWING_SHARE = 0.2;
const LOOKING_SHARE = 0.1;
/** Milliseconds between two looks inside, at least. */
const LOOKING_INTERVAL = 400;

/** The smallest positive number of single precision, for what has underflowed. */
const LEAST_PROBABILITY = 2 ** -149;

/** Where an experiment runs. */
export interface Place {
  /** Without it, training runs on the CPU. */
  device: GPUDevice | undefined;
  cache: PlanCache;
}

/** Data with something to learn from. */
type Data = PlaneData & { train: Dataset };

/** One run: a trainer with its data and its starting point, and what is seen of it. */
export class Experiment {
  readonly #place: Place;
  readonly #data: Data;
  readonly #grid: Float32Array;
  readonly #unitGrid: Float32Array;
  #settings: Settings;
  #trainer: Trainer;
  readonly #initial: Checkpoint;
  #stopping = new Stopping();
  #turns: Turn[];
  /** Milliseconds that predicting the grid, and looking inside, take when nothing else runs. */
  #drawingTime = 0;
  #lookingTime = 0;
  #looked = 0;

  private constructor(place: Place, settings: Settings, data: Data, trainer: Trainer, initial: Checkpoint) {
    this.#place = place;
    this.#settings = settings;
    this.#data = data;
    this.#trainer = trainer;
    this.#initial = initial;
    this.#turns = [turnAt(0, settings)];
    this.#grid = gridInputs(data.range, NODES);
    this.#unitGrid = gridInputs(data.range, UNIT_NODES);
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

  /** What the CPU and the GPU are compared on. */
  get trainingData(): Dataset {
    return this.#data.train;
  }

  /**
   * Trains until it stops by itself, or the signal is aborted. Drawing goes on beside training, at most once an interval.
   * @returns the state at the step where training ended, with the mean speed
   */
  async train(signal: AbortSignal, interval: number, show: (frame: Frame) => void): Promise<Frame> {
    const first = this.step;
    const start = performance.now();
    const recorder = new Recorder(this, Math.max(interval, this.#drawingTime / DRAWING_SHARE), show);
    recorder.mark(first);
    let due = start;
    let busy = 0;
    try {
      while (!signal.aborted && !this.stopped) {
        const before = performance.now();
        await this.#segment(signal, recorder);
        busy += performance.now() - before;
        due = await this.#keepPace(due, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await recorder.drawing;
    }
    const trained = this.step - first;
    const frame = await this.frame();
    const seconds = (this.#settings.speed > 0 ? performance.now() - start : busy) / 1000;
    const { points, testPoints } = recorder.take();
    return {
      ...frame,
      points: [...points, ...frame.points],
      testPoints: [...testPoints, ...frame.testPoints],
      ...(trained > 0 && { stepsPerSecond: trained / seconds }),
    };
  }

  /** Trains up to where something has to be looked at. */
  async #segment(signal: AbortSignal, recorder: Recorder): Promise<void> {
    const settings = this.#settings;
    const { test } = this.#data;
    const watched = Stopping.watches(settings);
    const stops = watched || test !== undefined;
    const steps = Stopping.segment(settings, this.step, stops);
    const every = pointSpacing(settings.stopStep, this.step);
    for await (const measurement of this.#trainer.run({ steps, every, signal })) recorder.add(measurement);
    if (!stops && settings.speed === 0) return;
    const [latest, tested] = await Promise.all([
      this.#trainer.measure(),
      test ? this.#trainer.measure(test) : undefined,
    ]);
    if (tested) recorder.addTest(tested);
    if (watched) this.#stopping.look(settings, tested ?? latest);
    recorder.add(latest);
  }

  /** Waits until the next steps are due. @returns when the ones after them are */
  async #keepPace(due: number, signal: AbortSignal): Promise<number> {
    const { speed } = this.#settings;
    if (speed === 0) return performance.now();
    // What was late is not made up for.
    const next = Math.max(
      due + (1000 * Stopping.segment(this.#settings, 0, false)) / speed,
      performance.now() - 200,
    );
    await wait(next - performance.now(), signal);
    return next;
  }

  /** Applies so many updates, or as many as are left. */
  async advance(steps: number): Promise<void> {
    const { stopStep } = this.#settings;
    await this.#trainer.train(stopStep > 0 ? Math.min(steps, stopStep - this.step) : steps);
  }

  async rewind(): Promise<void> {
    await this.#trainer.restore(this.#initial);
    this.#stopping = new Stopping();
    this.#turns = [turnAt(0, this.#settings)];
  }

  /** Takes over settings that need no new start. */
  async adjust(settings: Settings): Promise<void> {
    const { learningRate, l2 } = this.#settings;
    if (learningRate !== settings.learningRate || l2 !== settings.l2) {
      const checkpoint = await this.#trainer.save();
      const trainer = await openTrainer(settings, this.#data.train, this.#place);
      await trainer.restore(checkpoint);
      this.#trainer.destroy();
      this.#trainer = trainer;
      this.#turns = [...this.#turns.filter(({ step }) => step < this.step), turnAt(this.step, settings)];
    }
    this.#settings = settings;
    this.#stopping.resume(this.step);
  }

  /** The present state, with a look inside. */
  async frame(): Promise<Frame> {
    const { test } = this.#data;
    const [latest, tested, evidence, insight] = await Promise.all([
      this.#trainer.measure(),
      test && this.#trainer.measure(test),
      this.#evidence(),
      this.#look(),
    ]);
    const testPoints = tested ? [tested] : [];
    return { latest, points: [latest], testPoints, evidence, insight, ...this.#told };
  }

  /** What is seen beside training: the regions, and now and then what is inside. */
  async glance(): Promise<Pick<Frame, 'evidence' | 'insight' | 'way' | 'turns'>> {
    const interval = Math.max(LOOKING_INTERVAL, this.#lookingTime / LOOKING_SHARE);
    const due = performance.now() - this.#looked >= interval;
    const [evidence, insight] = await Promise.all([this.#evidence(), due ? this.#look() : undefined]);
    return { evidence, ...(insight && { insight }), ...this.#told };
  }

  /** Finds out what drawing costs, once the first picture has compiled what it needs. */
  async timeDrawing(): Promise<void> {
    const start = performance.now();
    await this.#evidence();
    const drawn = performance.now();
    await this.#look();
    this.#drawingTime = drawn - start;
    this.#lookingTime = performance.now() - drawn;
  }

  /** How it is computed, and what it took over. */
  get #told(): { way: Way; turns: readonly Turn[] } {
    const { plan, tuning } = this.#trainer;
    return { way: { plan, chosen: tuning.chosen, reason: tuning.reason }, turns: this.#turns };
  }

  destroy(): void {
    this.#trainer.destroy();
  }

  #look(): Promise<Insight> {
    this.#looked = performance.now();
    return lookInside(this.#trainer, this.#settings, this.#data, this.#unitGrid);
  }

  /** Logarithm of each class's probability at each node of the grid. */
  async #evidence(): Promise<Float32Array<ArrayBuffer>> {
    const { probabilities } = await this.#trainer.predict(this.#grid);
    const evidence = new Float32Array(probabilities);
    // A plain loop: a map of Float32Array.from is five times slower.
    for (let i = 0; i < evidence.length; i++)
      evidence[i] = Math.log(Math.max(evidence[i], LEAST_PROBABILITY));
    return evidence;
  }
}

const turnAt = (step: number, { learningRate, l2 }: Settings): Turn => ({ step, learningRate, l2 });

/** Waits so many milliseconds, or until the signal is aborted. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

function openTrainer(settings: Settings, data: Dataset, { device, cache }: Place): Promise<Trainer> {
  const options = trainerOptions(settings, data);
  if (!device) return createTrainer({ ...options, backend: 'cpu' });
  return createTrainer({ ...options, backend: 'webgpu', plan: settings.plan, tuning: { cache }, device });
}

/** Collects what a run measures, and shows it from time to time. */
class Recorder {
  /** A picture that is being made. */
  drawing: Promise<void> | undefined;
  readonly #experiment: Experiment;
  readonly #interval: number;
  readonly #show: (frame: Frame) => void;
  readonly #rate = new Rate();
  #drawn = performance.now();
  #points: Measurement[] = [];
  #testPoints: Measurement[] = [];

  constructor(experiment: Experiment, interval: number, show: (frame: Frame) => void) {
    this.#experiment = experiment;
    this.#interval = interval;
    this.#show = show;
  }

  mark(step: number): void {
    this.#rate.add(performance.now(), step);
  }

  addTest(measurement: Measurement): void {
    this.#testPoints.push(measurement);
  }

  add(measurement: Measurement): void {
    this.#points.push(measurement);
    this.mark(measurement.step);
    const now = performance.now();
    if (this.drawing || now - this.#drawn < this.#interval) return;
    this.#drawn = now;
    const taken = this.take();
    this.drawing = this.#experiment
      .glance()
      .then((glance) => {
        const { perSecond } = this.#rate;
        this.#show({
          latest: measurement,
          ...taken,
          ...glance,
          ...(perSecond !== undefined && { stepsPerSecond: perSecond }),
        });
      })
      // What fails here fails the run as well, which reports it.
      .catch(() => {})
      .finally(() => {
        this.drawing = undefined;
      });
  }

  take(): { points: Measurement[]; testPoints: Measurement[] } {
    const taken = { points: this.#points, testPoints: this.#testPoints };
    this.#points = [];
    this.#testPoints = [];
    return taken;
  }
}

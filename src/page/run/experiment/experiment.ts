import { type AnyDataset, type Checkpoint, DestroyedError, type Recovery } from '../../../index.ts';
import { type Measured, measure, type Network, type NetworkOptions } from '../../settings/network.ts';
import { changes, type Settings, settingsAt, TURNED, type Turn, turnAt } from '../../settings/settings.ts';
import type { RowSet } from '../../settings/study-data.ts';
import { trainerChanges, trainerOptions } from '../../settings/trainer-options.ts';
import { PASSES } from '../../settings/work.ts';
import type { Frame, StopReason } from '../protocol.ts';
import type { ComparedStep } from '../side-checks/inside.ts';
import type { Glance } from './frame-stream.ts';
import { timedMeasurement } from './measurements.ts';
import { openTrainer, type Resources } from './open-trainer.ts';
import type { Past } from './past.ts';
import { type Data, Pictures } from './pictures.ts';
import { Stopping } from './stopping.ts';
import { overPlane, studyData } from './study.ts';
import type { TrainedRun, TrainingWatch } from './training.ts';

/** One run: a trainer with its data, its starting point and its pictures. */
export class Experiment implements TrainedRun {
  readonly #resources: Resources;
  #data: Data;
  readonly pictures: Pictures;
  #settings: Settings;
  #trainer: Network;
  readonly #initial: Checkpoint;
  /** Where the run begins: at the initial state, or at the one that it goes on from. */
  #first: Checkpoint;
  /** The states of earlier steps, once there are some. */
  #past: Past | undefined;
  /** The state at the last change of the settings that a step depends on. */
  turned: Checkpoint;
  stopping = new Stopping();
  #turns: Turn[];
  /** Recoveries of earlier trainers of this run. */
  #recoveries: Recovery[] = [];
  /** Resolves when the present segment, or read of a standing step, has ended. */
  #trainerFree: Promise<unknown> = Promise.resolve();
  #read: Checkpoint | undefined;
  #stepSeconds: number | undefined;
  #destroyed = false;

  private constructor(
    resources: Resources,
    settings: Settings,
    data: Data,
    trainer: Network,
    initial: Checkpoint,
  ) {
    this.#resources = resources;
    this.#settings = settings;
    this.#data = data;
    this.#trainer = trainer;
    this.#initial = initial;
    this.#first = initial;
    this.turned = initial;
    this.#turns = [turnAt(0, settings)];
    const { parameters } = initial;
    this.pictures = new Pictures(
      data,
      parameters.reduce((sum, { weights }) => sum + weights.length, 0),
    );
  }

  /**
   * Undefined if there are no training points.
   * @param rows the rows of the settings, if they are loaded
   * @throws the signal's reason after an abort, with everything freed
   */
  static async create(
    settings: Settings,
    rows: RowSet | undefined,
    resources: Resources,
    signal: AbortSignal,
  ): Promise<Experiment | undefined> {
    const { train, ...rest } = await studyData(settings, rows);
    if (!train) return undefined;
    const drawn = overPlane({ ...rest, train }, settings, resources.device);
    const trainer = await openTrainer(settings, train, resources, signal);
    try {
      return new Experiment(resources, settings, await drawn, trainer, await trainer.save());
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
    return this.end === undefined ? this.stopping.reason(this.#settings, this.step) : undefined;
  }

  /** The last step of the run, while an earlier one is shown. */
  get end(): number | undefined {
    return this.#past?.end;
  }

  /** Seconds of a step, guessed from the first measurement. */
  get stepSeconds(): number {
    return this.#stepSeconds ?? 0;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The settings of a step over the course of the run; the first entry is the start. */
  get turns(): readonly Turn[] {
    return this.#turns;
  }

  get trainer(): Network {
    return this.#trainer;
  }

  /** The trainer's options without backend and device. */
  get trainerOptions(): NetworkOptions {
    return trainerOptions(this.#settings, this.#data.train);
  }

  /** The device and the caches. */
  get resources(): Resources {
    return this.#resources;
  }

  get data(): Data {
    return this.#data;
  }

  /** What the data have that are loaded. */
  get loaded(): Data['loaded'] {
    return this.#data.loaded;
  }

  /** The training points as a data set. */
  get trainingData(): AnyDataset {
    return this.#data.train;
  }

  /** The test points as a data set, if there are any. */
  get testData(): AnyDataset | undefined {
    return this.#data.test;
  }

  /** Trains until the run stops by itself, or the signal is aborted. */
  async train(options: TrainingWatch): Promise<Frame> {
    // The page opens without the code of training.
    const { train } = await import('./training.ts');
    return train(this, options);
  }

  /**
   * Reads the next step with all its tensors; during training, between two segments.
   * @param row where steps take batches: a training row that is read as a batch of its own
   */
  async readStep(row?: number): Promise<ComparedStep> {
    const { readStepOf } = await import('../side-checks/inside.ts');
    return readStepOf(this, row);
  }

  /** The state with all its pictures, of one step, which `read` keeps; during training, between two segments. */
  readFrame(): Promise<Frame> {
    return this.alone(async () => {
      this.#read = await this.#trainer.save();
      return this.frame({ regions: true });
    });
  }

  /** The state that was read last to be taken away. */
  get read(): Checkpoint | undefined {
    return this.#read;
  }

  /** Runs work when all earlier work has ended. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#trainerFree.then(work);
    this.#trainerFree = result.catch(() => {});
    return result;
  }

  async rewind(): Promise<void> {
    await this.#trainer.restore(this.#initial);
    this.stopping = new Stopping();
    this.turned = this.#initial;
    this.#begin(this.#initial);
    this.pictures.forget();
    this.#turns = [turnAt(0, this.#settings)];
  }

  #begin(first: Checkpoint): void {
    this.#first = first;
    this.#past = undefined;
  }

  /** Keeps the present state now and then: the steps around it can be shown again. */
  async keep(): Promise<void> {
    await (await this.#loadPast()).keep(this.#trainer);
  }

  async #loadPast(): Promise<Past> {
    const { Past } = await import('./past.ts');
    this.#past ??= new Past(this.#first);
    return this.#past;
  }

  /**
   * Goes to a step of the run so far, with the settings that it had there.
   * @param signal aborted as soon as another step is wanted
   * @param showNear shows the nearest step that is kept, on the way
   */
  async goTo(step: number, signal: AbortSignal, showNear: () => Promise<void>): Promise<void> {
    this.pictures.forget();
    await (await this.#loadPast()).goTo(this, step, { signal, showNear });
  }

  /** Gives the next steps the settings that the run had there, from the present state on or another one. */
  async heed(state?: Checkpoint): Promise<void> {
    await this.#give(settingsAt(state?.step ?? this.step, this.#turns, this.#settings), state);
  }

  async #give(settings: Settings, state?: Checkpoint): Promise<void> {
    // Another plan may add in another order.
    if (settings.plan !== this.#settings.plan) await this.#replace(settings, state);
    else {
      this.#trainer.set(trainerChanges(this.#settings, settings, classesOf(this.#data.train)));
      if (state) await this.#trainer.restore(state);
    }
    this.#settings = settings;
  }

  /** The run goes on from the earlier step that is shown: what came after is no part of it any more. */
  async goOn(): Promise<void> {
    if (this.end === undefined) return;
    const { step } = this;
    this.turned = await this.#trainer.save();
    this.#past?.cut(step);
    this.#turns = this.#turns.filter((turn) => turn.step <= step);
    this.stopping.goBack(step);
  }

  /** Goes on from where another run of these settings stood, after the turns on its way. */
  async resume(checkpoint: Checkpoint, turns: readonly Turn[]): Promise<void> {
    const { step: _, ...values } = turns[turns.length - 1] ?? { step: 0 };
    const begun = turnAt(0, this.#settings);
    await this.adjust({ ...this.#settings, ...values });
    await this.#trainer.restore(checkpoint);
    this.turned = checkpoint;
    this.#begin(checkpoint);
    this.#turns = [begun, ...turns];
    this.stopping.resume(this.step);
  }

  /** Applies settings that need no new run. An error leaves the run as it was. */
  async adjust(settings: Settings): Promise<void> {
    const changed = changes(this.#settings, settings);
    if (TURNED.some((key) => changed.includes(key))) {
      await this.goOn();
      const turned = await this.#trainer.save();
      await this.alone(() => this.#give(settings));
      this.turned = turned;
      this.#turns = [...this.#turns.filter(({ step }) => step < this.step), turnAt(this.step, settings)];
    }
    if (changed.includes('axes')) {
      this.#data = await overPlane(this.#data, settings, this.#resources.device);
      this.pictures.drawOver(this.#data);
    }
    this.#settings = settings;
    this.stopping.resume(this.end ?? this.step);
  }

  /** Replaces the trainer by one with another plan, at the same step or in another state. */
  async #replace(settings: Settings, state?: Checkpoint): Promise<void> {
    const trainer = await openTrainer(settings, this.#data.train, this.#resources);
    try {
      await trainer.restore(state ?? (await this.#trainer.save()));
      if (this.#destroyed) throw new DestroyedError('adjust');
    } catch (error) {
      trainer.destroy();
      throw error;
    }
    this.#recoveries.push(...this.#trainer.recoveries);
    this.#trainer.destroy();
    this.#trainer = trainer;
  }

  /** Whether the network is so large that its figures are shown before its pictures. */
  get picturesLate(): boolean {
    return this.pictures.late;
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
      test && measure(this.#trainer, test),
      regions ? this.pictures.evidence(this.#trainer).catch(missing) : undefined,
      inside ? this.pictures.look(this.#trainer, this.#settings).catch(missing) : undefined,
    ]);
    const tests = tested ? [tested] : [];
    // The points of an earlier step are in the curves already.
    const points =
      this.end === undefined
        ? { points: [latest], testPoints: tests }
        : { points: [], testPoints: [], ...(tested && { tested }) };
    const pictures = { ...(evidence && { evidence }), ...(insight && { insight }) };
    return { latest, ...points, ...pictures, ...this.told };
  }

  /** Measures the training points; the first time, this tells how long a step takes. */
  async #measured(): Promise<Measured> {
    if (this.#stepSeconds !== undefined) return measure(this.#trainer);
    const { train } = this.#data;
    const { measurement, rowTime } = await timedMeasurement(this.#trainer, train.count);
    const { batchSize } = this.#settings;
    const rows = batchSize > 0 ? Math.min(batchSize, train.count) : train.count;
    this.#stepSeconds = (PASSES * rowTime * rows) / 1000;
    this.pictures.expect(rowTime);
    return measurement;
  }

  /** Pictures during training, beside the figures of a step. */
  async glance(step: number): Promise<Glance> {
    return { ...(await this.pictures.glance(this.#trainer, this.#settings, step)), ...this.told };
  }

  /** Times drawing. The first pictures have compiled their kernels by then. */
  async timeDrawing(): Promise<void> {
    await this.pictures.time(this.#trainer, this.#settings);
  }

  /** The plan, the turns so far, the recoveries, and how slow and how fine the run is. */
  get told(): Omit<Glance, 'evidence' | 'insight'> {
    const { backend, plan, tuning, recoveries } = this.#trainer;
    const { plan: tuned, chosen, reason } = tuning;
    return {
      planReport: { backend, plan, tuning: { plan: tuned, chosen, reason } },
      turns: this.#turns,
      recoveries: [...this.#recoveries, ...recoveries],
      first: this.#first.step,
      ...(this.end !== undefined && { end: this.end }),
      stepSeconds: this.stepSeconds,
      nodes: this.pictures.nodes,
      plane: this.#data.loaded?.plane,
    };
  }

  destroy(): void {
    this.#destroyed = true;
    this.#trainer.destroy();
  }
}

const classesOf = (data: AnyDataset): number | undefined => ('labels' in data ? data.classes : undefined);

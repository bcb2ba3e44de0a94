import type { Dataset, FloatArray } from '../data/dataset.ts';
import type { LayerParameters } from '../data/initialization.ts';
import { divergence, type Engine, type EngineDissection, type EngineState, measurement } from '../engine.ts';
import type { BackendChoice, TrainingSetup } from '../options.ts';
import type { Measurement, Operation, PlanName, Precision, Prediction, Tensor, Tuning } from '../types.ts';
import { activations } from './activations.ts';
import { checkLost, guard } from './device.ts';
import { GpuDissection, inspect, operationsOf } from './dissection.ts';
import { checkEvaluation, Evaluation, uploadSource } from './evaluation.ts';
import { gradients } from './gradients.ts';
import { allocating, GpuMemory } from './memory.ts';
import { Operations } from './operations.ts';
import {
  checkDiverged,
  divergedStep,
  NOT_DIVERGED,
  type ParameterBuffers,
  readLayers,
  writeLayers,
} from './parameters.ts';
import { createContext, type PlanContext } from './plan.ts';
import { predict } from './predict.ts';
import { Readback } from './readback.ts';
import type { Schedule } from './schedule.ts';
import { doubleArithmetic } from './self-test.ts';
import { Tuner } from './tuner.ts';

/** Milliseconds of GPU work in one submission: long enough to hide the round trip, short enough to abort between. */
const SUBMISSION = 25;
/** Submissions on their way at a time, so that the GPU does not wait for the reader. */
const IN_FLIGHT = 2;
/** Milliseconds that a call trains before candidates are tried, so that a few steps never wait for it. */
const TUNE_AFTER = 50;

/** Training with every forward, backward and update step on the GPU. */
export class GpuEngine implements Engine {
  readonly backend = 'webgpu';
  readonly #setup: TrainingSetup;
  readonly #memory: GpuMemory;
  readonly #network: ParameterBuffers;
  readonly #schedule: Schedule;
  readonly #context: PlanContext;
  readonly #ownsDevice: boolean;
  readonly #tuner: Tuner;
  #step = 0;
  /** Of the order of mini-batches. */
  #seed: number;
  /** As a run has found it. */
  #diverged: number | undefined;
  /** Steps in the next submission, from how long the last ones took. */
  #submissionSteps = 1;
  #lastCompletion = 0;

  private constructor(context: PlanContext, ownsDevice: boolean, tuner: Tuner) {
    this.#setup = context.setup;
    this.#memory = context.memory;
    this.#network = context.network;
    this.#schedule = context.schedule;
    this.#context = context;
    this.#ownsDevice = ownsDevice;
    this.#tuner = tuner;
    this.#seed = context.setup.seed;
  }

  /**
   * Allocates the network on a device and compiles its kernels.
   * @param ownsDevice whether `destroy` ends the device too
   * @throws {LimitError} {OutOfMemoryError} {ShaderError} {UnsupportedError} {DeviceLostError} with everything freed again
   */
  static async create(
    setup: TrainingSetup,
    choice: BackendChoice,
    device: GPUDevice,
    ownsDevice: boolean,
  ): Promise<GpuEngine> {
    try {
      const arithmetic = setup.precision === 'single' ? 'single' : await doubleArithmetic(device);
      return await GpuEngine.#allocate(setup, choice, new GpuMemory(device, arithmetic), ownsDevice);
    } catch (error) {
      await checkLost(device);
      if (ownsDevice) device.destroy();
      throw error;
    }
  }

  static async #allocate(
    setup: TrainingSetup,
    { plan, tuning }: BackendChoice,
    memory: GpuMemory,
    ownsDevice: boolean,
  ): Promise<GpuEngine> {
    try {
      checkEvaluation(memory, setup.sizes, setup.data.count);
      const context = await createContext(memory, setup);
      writeLayers(memory, context.network.parameters, setup.start());
      const engine = new GpuEngine(context, ownsDevice, await Tuner.begin(context, plan, tuning));
      // A lost device takes everything, without a word.
      await checkLost(memory.device, 0);
      return engine;
    } catch (error) {
      memory.destroy();
      throw error;
    }
  }

  get plan(): PlanName {
    return this.#tuner.plan.name;
  }

  get tuning(): Tuning {
    return this.#tuner.tuning;
  }

  get precision(): Precision {
    return this.#setup.precision;
  }

  get step(): number {
    return this.#step;
  }

  async *run(
    steps: number,
    every: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Measurement, void, void> {
    this.#checkDiverged();
    const end = this.#step + steps;
    const start = performance.now();
    const underWay: Promise<Submission>[] = [];
    try {
      const wanted = () => this.#step < end && !signal?.aborted;
      // After an abort, too, what has been queued is applied, and so it is reported.
      while (wanted() || underWay.length > 0) {
        const tuning = !this.#tuner.settled && performance.now() - start > TUNE_AFTER && this.#tuner.prepared;
        while (wanted() && underWay.length < (tuning ? 1 : IN_FLIGHT)) {
          const submission = this.#submit(end, every);
          // It may fail before its turn to be awaited; that is not an unhandled rejection.
          submission.catch(() => {});
          underWay.push(submission);
        }
        const { reports, diverged } = await this.#guard(underWay[0]);
        underWay.shift();
        for (const { step, results } of reports) {
          if (diverged !== undefined && step >= diverged) break;
          yield this.#measurement(step, results, this.#setup.data.count);
        }
        this.#diverged = diverged;
        this.#checkDiverged();
        if (tuning && wanted() && underWay.length === 0) await this.#guard(this.#tuner.next());
      }
      if (this.#step < end) signal?.throwIfAborted();
    } finally {
      this.#tuner.pause();
      await Promise.allSettled(underWay);
    }
  }

  async tune(): Promise<void> {
    while (!this.#tuner.settled) await this.#guard(this.#tuner.next());
  }

  async measure(data?: Dataset): Promise<Measurement> {
    if (!data)
      return this.#guard(this.#evaluate(this.#tuner.plan.evaluation, this.#memory, this.#setup.data.count));
    return this.#apart(async (memory, operations) => {
      const source = await allocating(memory.device, 'the data', () => uploadSource(memory, data));
      const evaluation = await Evaluation.create(memory, operations, this.#network, source);
      return this.#evaluate(evaluation, memory, data.count);
    });
  }

  async predict(inputs: FloatArray): Promise<Prediction> {
    return this.#apart((memory, operations) => predict(memory, operations, this.#network, inputs));
  }

  async activations(inputs: FloatArray): Promise<FloatArray[]> {
    return this.#apart((memory, operations) => activations(memory, operations, this.#network, inputs));
  }

  async gradients(): Promise<LayerParameters[]> {
    return this.#apart((memory) => gradients(memory, this.#context, this.#tuner.plan.name));
  }

  get operations(): readonly Operation[] {
    return operationsOf(this.#tuner.plan, this.#setup);
  }

  async inspect(): Promise<Tensor[]> {
    const [step, seed] = [this.#step, this.#seed];
    return this.#apart((memory) => inspect(memory, this.#context, step, seed));
  }

  dissect(): EngineDissection {
    this.#checkDiverged();
    return new GpuDissection(this.#context, this.#tuner.plan, this.#step, () => {
      this.#step++;
    });
  }

  async state(): Promise<EngineState> {
    const step = this.#step;
    const { parameters, moments } = this.#network;
    const encoder = this.#memory.device.createCommandEncoder({ label: 'save' });
    const sets = readLayers(this.#memory, encoder, this.#network, [parameters, ...moments]);
    const [first, ...rest] = await this.#guard(sets);
    return { step, parameters: first, moments: rest };
  }

  async restore(state: EngineState, seed: number): Promise<void> {
    const { parameters, moments, diverged } = this.#network;
    writeLayers(this.#memory, parameters, state.parameters);
    moments.forEach((buffers, m) => void writeLayers(this.#memory, buffers, state.moments[m]));
    this.#memory.write(diverged, Uint32Array.of(NOT_DIVERGED));
    this.#schedule.reseed(seed);
    this.#seed = seed;
    this.#step = state.step;
    this.#diverged = undefined;
    await this.#guard(checkLost(this.#memory.device, 0));
  }

  destroy(): void {
    this.#tuner.destroy();
    this.#memory.destroy();
    if (this.#ownsDevice) this.#memory.device.destroy();
  }

  /** Queues the next steps, up to step `end`, and reads back what they report once they have run. */
  async #submit(end: number, every: number | undefined): Promise<Submission> {
    const { device } = this.#memory;
    const { evaluation } = this.#tuner.plan;
    const first = this.#step;
    const count = Math.min(end - first, this.#submissionSteps);
    const reported = Array.from({ length: count }, (_, i) => first + i).filter(
      (step) => every !== undefined && step % every === 0,
    );
    const readback = new Readback(this.#memory, reported.length * evaluation.words + 1);
    const encoder = device.createCommandEncoder({ label: `steps ${first} to ${first + count}` });
    for (let i = 0, next = 0; i < count; i = next) {
      const report = reported.includes(first + i);
      if (report) {
        evaluation.encode(encoder);
        readback.copy(encoder, evaluation.results, evaluation.words);
      }
      next = i + 1;
      while (next < count && !reported.includes(first + next)) next++;
      const pass = encoder.beginComputePass({ label: 'train' });
      this.#tuner.plan.encode(pass, first + i, i, next - i, report);
      pass.end();
    }
    readback.copy(encoder, this.#network.diverged, 1);
    this.#schedule.write(first, count);
    const start = performance.now();
    this.#memory.submit(encoder);
    this.#step += count;

    const results = await readback.read();
    this.#calibrate(count, start);
    return {
      reports: reported.map((step, i) => ({ step, results: this.#memory.format.decode(results[i]) })),
      diverged: divergedStep(results[reported.length]),
    };
  }

  /** Sets how many steps the next submissions take, from how long this one took; at most twice as many. */
  #calibrate(count: number, start: number): void {
    const now = performance.now();
    const duration = now - Math.max(start, this.#lastCompletion);
    this.#lastCompletion = now;
    const wanted = Math.floor((count * SUBMISSION) / Math.max(duration, 0.1));
    this.#submissionSteps = Math.max(1, Math.min(wanted, 2 * count, this.#schedule.capacity));
  }

  /** Runs an evaluation at this point of the queue. */
  async #evaluate(evaluation: Evaluation, memory: GpuMemory, rows: number): Promise<Measurement> {
    const step = this.#step;
    const encoder = memory.device.createCommandEncoder({ label: 'measure' });
    evaluation.encode(encoder);
    const readback = new Readback(memory, evaluation.words + 1);
    readback.copy(encoder, evaluation.results, evaluation.words);
    readback.copy(encoder, this.#network.diverged, 1);
    memory.submit(encoder);
    const [results, flag] = await readback.read();
    checkDiverged(flag);
    return this.#measurement(step, this.#memory.format.decode(results), rows);
  }

  #measurement(step: number, results: FloatArray, rows: number): Measurement {
    const [dataLoss, correct, ...squares] = results;
    return measurement(step, dataLoss, correct / rows, squares, this.#setup.l2);
  }

  #checkDiverged(): void {
    if (this.#diverged !== undefined) throw divergence(this.#diverged);
  }

  /** Reads with memory of its own, which is freed in the end. */
  async #apart<T>(read: (memory: GpuMemory, operations: Operations) => Promise<T>): Promise<T> {
    const memory = this.#memory.apart();
    try {
      return await this.#guard(read(memory, new Operations(memory, this.#schedule.steps)));
    } finally {
      memory.destroy();
    }
  }

  #guard<T>(work: Promise<T>): Promise<T> {
    return guard(this.#memory, this.#ownsDevice, work);
  }
}

/** What came back from one submission. */
interface Submission {
  /** Results of the evaluations, with the step each was made at. */
  reports: { step: number; results: FloatArray }[];
  /** The first step after which a parameter or moment was not finite. */
  diverged: number | undefined;
}

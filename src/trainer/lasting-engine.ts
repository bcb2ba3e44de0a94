import { untilAborted } from '../abort.ts';
import { Divergence, type Engine, type EngineState } from '../engine.ts';
import { DeviceLostError, NonFiniteError } from '../errors.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type {
  Backend,
  Changes,
  Dataset,
  FloatArray,
  LayerParameters,
  Measurement,
  Operation,
  Precision,
  Prediction,
  Recovery,
  Tensor,
  Tuning,
} from '../types.ts';
import { checkpointOf } from './checkpoint.ts';
import type { Snapshots } from './snapshots.ts';
import type { EngineSource, Succession } from './succession.ts';

/** What is needed when something fails. It is loaded while the first run goes on: when it is needed, there may be no network. */
const loadHelp = () => Promise.all([import('./succession.ts'), import('./diagnosis.ts')]);

/**
 * Lets engines that are lost be followed by others. Training is a function of its last snapshot and the number of steps since, so
 * that what was lost is repeated with the same bits, and nobody who waits for an answer learns of it. Where training
 * diverged, the same finds out how.
 */
export class LastingEngine implements Engine {
  readonly #setup: TrainingSetup;
  readonly #source: EngineSource;
  readonly #snapshots: Snapshots;
  #engine: Engine;
  /** Since the first loss. */
  #succession: Succession | undefined;
  #help: ReturnType<typeof loadHelp> | undefined;
  /** The last step that callers know of, which another engine has to come to before it takes over. */
  #reached = 0;
  #running = false;
  /** Ends when the engine can be asked again: until then it is replaced, or examined. */
  #mending: Promise<void> | undefined;
  /** Why the engine cannot be used, where no other one has taken its place. */
  #lost: DeviceLostError | undefined;
  #divergence: { error: NonFiniteError; step: number } | undefined;
  #diagnosis: Promise<NonFiniteError> | undefined;
  /** Where training stands while the engine goes back to find out how it diverged. */
  #examinedAt: number | undefined;
  #restored = 0;
  #destroyed = false;

  private constructor(
    setup: TrainingSetup,
    source: EngineSource,
    snapshots: Snapshots,
    engine: Engine,
    succession?: Succession,
  ) {
    this.#setup = setup;
    this.#source = source;
    this.#snapshots = snapshots;
    this.#engine = engine;
    this.#succession = succession;
  }

  /** @throws {DeviceLostError} if the device is lost meanwhile and no other one can take its place */
  static async create(
    setup: TrainingSetup,
    source: EngineSource,
    snapshots: Snapshots,
  ): Promise<LastingEngine> {
    try {
      return new LastingEngine(setup, source, snapshots, await source.first());
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      const [{ Succession }] = await loadHelp();
      const succession = new Succession(source);
      const next = await succession.next(
        error,
        async () => 0,
        () => true,
      );
      return new LastingEngine(setup, source, snapshots, next, succession);
    }
  }

  get backend(): Backend {
    return this.#engine.backend;
  }

  get precision(): Precision {
    return this.#engine.precision;
  }

  get plan(): string {
    return this.#engine.plan;
  }

  get tuning(): Tuning {
    return this.#engine.tuning;
  }

  get recoveries(): readonly Recovery[] {
    return this.#succession?.recoveries ?? [];
  }

  get step(): number {
    return this.#divergence?.step ?? this.#examinedAt ?? this.#engine.step;
  }

  get operations(): readonly Operation[] {
    return this.#engine.operations;
  }

  async *run(
    steps: number,
    every: number | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Measurement, void, void> {
    if (this.#mending || this.#lost) await untilAborted(this.#usable(), signal);
    this.#checkDiverged();
    const end = this.#engine.step + steps;
    let reported = -1;
    this.#running = true;
    this.#loadHelp().catch(() => {});
    const endSnapshots = this.#snapshots.begin(() => this.#engine);
    try {
      for (let ended = false; !ended; ) {
        const engine = this.#engine;
        try {
          ended = true;
          for await (const measurement of engine.run(end - engine.step, every, signal)) {
            // What has been repeated has been told.
            if (measurement.step <= reported) continue;
            if (this.#mending) await untilAborted(this.#usable(), signal);
            // What a lost engine still had to tell; the other one tells it too, unless it is past it.
            if (engine !== this.#engine && this.#engine.step <= measurement.step) {
              ended = false;
              break;
            }
            reported = measurement.step;
            this.#reached = Math.max(this.#reached, reported);
            yield measurement;
          }
        } catch (error) {
          ended = false;
          if (error instanceof Divergence && engine === this.#engine && !this.#mending) {
            throw await untilAborted(this.#diagnosed(error), signal);
          }
          await untilAborted(this.#replaced(engine, error), signal);
        }
        // It may have ended without a word of the loss.
        if (engine !== this.#engine) ended = false;
      }
    } finally {
      endSnapshots();
      this.#running = false;
      if (!this.#mending && !this.#lost) this.#reached = this.step;
    }
  }

  /** Changes settings of the steps that come. */
  set(changes: Changes): void {
    this.#setup.settings.set(this.step, changes);
  }

  tune(): Promise<void> {
    return this.#read((engine) => engine.tune());
  }

  measure(data?: Dataset): Promise<Measurement> {
    return this.#read((engine) => engine.measure(data));
  }

  predict(inputs: FloatArray): Promise<Prediction> {
    return this.#read((engine) => engine.predict(inputs));
  }

  activations(inputs: FloatArray): Promise<FloatArray[]> {
    return this.#read((engine) => engine.activations(inputs));
  }

  gradients(): Promise<LayerParameters[]> {
    return this.#read((engine) => engine.gradients());
  }

  inspect(): Promise<Tensor[]> {
    return this.#read((engine) => engine.inspect());
  }

  state(): Promise<EngineState> {
    return this.#read((engine) => engine.state());
  }

  restore(state: EngineState, seed: number): Promise<void> {
    this.#restored++;
    this.#divergence = undefined;
    this.#reached = state.step;
    this.#examinedAt = undefined;
    this.#setup.settings.restart();
    this.#snapshots.restore({ state, seed });
    return this.#onEngine((engine) => engine.restore(state, seed));
  }

  destroy(): void {
    this.#destroyed = true;
    this.#succession?.abandon();
    this.#engine.destroy();
  }

  /** Reads what training has come to. */
  async #read<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    try {
      return await this.#onEngine(async (engine) => {
        this.#checkDiverged();
        const { step } = engine;
        const restored = this.#restored;
        const answer = await work(engine);
        // Whoever has it knows of what was trained for it.
        if (restored === this.#restored) this.#reached = Math.max(this.#reached, step);
        return answer;
      });
    } catch (error) {
      // Who trains just now finds out more.
      if (!(error instanceof Divergence) || this.#running) throw error;
      throw await this.#diagnosed(error);
    }
  }

  /** Has work done by the present engine, at once where it can be asked, and again by those that take its place. */
  async #onEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#mending || this.#lost) await this.#usable();
      const engine = this.#engine;
      try {
        return await work(engine);
      } catch (error) {
        await this.#replaced(engine, error);
      }
    }
  }

  /** Waits until the engine can be asked. */
  async #usable(): Promise<void> {
    while (this.#mending) await this.#mending;
    // Since then another device may have come.
    if (this.#lost) await this.#replaced(this.#engine, this.#lost);
  }

  /** Waits for the engine that takes the place of one that failed. @throws the error, if the engine is not lost */
  async #replaced(engine: Engine, error: unknown): Promise<void> {
    if (engine === this.#engine && !this.#mending) {
      if (this.#destroyed) throw error;
      // What was under way fails in any way where the engine has been given up.
      if (!(error instanceof DeviceLostError)) throw this.#lost ?? error;
      this.#mend(this.#replace(error));
    }
    await this.#mending;
  }

  async #replace(lost: DeviceLostError): Promise<void> {
    this.#engine.destroy();
    const wanted = () => !this.#destroyed;
    try {
      const [{ Succession }] = await this.#loadHelp();
      this.#succession ??= new Succession(this.#source);
      this.#engine = await this.#succession.next(lost, (engine) => this.#bringUp(engine), wanted);
      this.#lost = undefined;
    } catch (error) {
      const { state, seed } = this.#snapshots.latest;
      this.#lost = new DeviceLostError(lost.reason, checkpointOf(this.#setup, state, seed));
      this.#lost.cause = error instanceof DeviceLostError ? error.cause : error;
      throw this.#lost;
    }
  }

  /** Lets an engine come to the step that callers know of, from the last snapshot. */
  async #bringUp(engine: Engine): Promise<number> {
    const { state, seed } = this.#snapshots.latest;
    await engine.restore(state, seed);
    try {
      for await (const _ of engine.run(Math.max(0, this.#reached - state.step), undefined));
    } catch (error) {
      // So did the lost engine, and nobody knew yet. Whoever asks next is told.
      if (!(error instanceof Divergence)) throw error;
    }
    return state.step;
  }

  /** Finds out more of a divergence, which lasts until `restore`. @returns what to throw */
  #diagnosed(divergence: Divergence): Promise<NonFiniteError> {
    this.#diagnosis ??= this.#diagnose(divergence).finally(() => {
      this.#diagnosis = undefined;
      this.#examinedAt = undefined;
    });
    return this.#diagnosis;
  }

  async #diagnose(divergence: Divergence): Promise<NonFiniteError> {
    if (this.#divergence) return this.#divergence.error;
    const { step } = this;
    this.#examinedAt = step;
    const restored = this.#restored;
    let error: NonFiniteError = divergence;
    await this.#mend(
      this.#examined(divergence).then((found) => {
        if (found) error = found;
      }),
    );
    if (restored === this.#restored) this.#divergence = { error, step };
    return error;
  }

  /** Undefined where there is no more to say. */
  async #examined(divergence: Divergence): Promise<NonFiniteError | undefined> {
    const { latest } = this.#snapshots;
    try {
      const [, { diagnose }] = await this.#loadHelp();
      const { tensor, before } = await diagnose(this.#engine, latest, divergence);
      const checkpoint = checkpointOf(this.#setup, before, latest.seed);
      const what = tensor === undefined ? 'a weight, a bias or a moment of the optimizer' : `'${tensor}'`;
      return new NonFiniteError(divergence.step, what, { tensor, checkpoint });
    } catch (error) {
      if (!(error instanceof DeviceLostError) || this.#destroyed) return undefined;
      await this.#replace(error).catch(() => {});
      return this.#lost ? undefined : this.#examined(divergence);
    }
  }

  #loadHelp(): ReturnType<typeof loadHelp> {
    this.#help ??= loadHelp();
    return this.#help;
  }

  #mend(work: Promise<void>): Promise<void> {
    const mending = work.finally(() => {
      if (this.#mending === mending) this.#mending = undefined;
    });
    // Whoever asks for the engine meanwhile is told of a failure.
    mending.catch(() => {});
    this.#mending = mending;
    return mending;
  }

  #checkDiverged(): void {
    if (this.#divergence) throw this.#divergence.error;
  }
}

import type { Engine } from '../engine.ts';
import { PATIENCE } from '../gpu/device/device.ts';
import { DeviceLostError, ShaderError } from '../training-errors.ts';
import type { Recovery, Tuning } from '../types.ts';
import { type EngineSource, refused } from './engine-source.ts';
import type { Progress } from './progress.ts';

/** The errors after which an engine cannot go on: its device is lost, or refuses a kernel. */
type Failure = DeviceLostError | ShaderError;

const isFailure = (error: unknown): error is Failure =>
  error instanceof DeviceLostError || error instanceof ShaderError;

const reasonOf = (failure: Failure) =>
  failure instanceof DeviceLostError ? failure.reason : failure.message;

/** Milliseconds before each request for a device: a driver that restarts needs time. */
const WAITS = [0, 250, 1000];

/**
 * Holds the engine of a trainer and replaces the engine when its device is lost. The new engine
 * repeats the steps since the last snapshot with the same bits, then carries out the calls at work.
 */
export class EngineRecovery {
  readonly #source: EngineSource;
  readonly #progress: Progress;
  readonly #recoveries: Recovery[] = [];
  #engine: Engine | undefined;
  /** The new engine while it repeats steps. */
  #candidate: Engine | undefined;
  /**
   * Resolves when the engine accepts work again: the engine is being replaced, or works for one
   * caller alone.
   */
  #pause: Promise<void> | undefined;
  /** The error of a lost engine that was not replaced. */
  #lost: DeviceLostError | undefined;
  /** Aborted by {@link destroy}. */
  readonly #end = new AbortController();

  private constructor(source: EngineSource, progress: Progress) {
    this.#source = source;
    this.#progress = progress;
  }

  /**
   * Creates the first engine.
   * @throws {DeviceLostError} if its device is lost and no other device can replace it
   * @throws the signal's reason after an abort, with everything freed
   */
  static async begin(
    source: EngineSource,
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<EngineRecovery> {
    const recovery = new EngineRecovery(source, progress);
    const end = () => recovery.destroy();
    signal?.addEventListener('abort', end);
    try {
      recovery.#engine = await recovery.#first();
      signal?.throwIfAborted();
      return recovery;
    } catch (error) {
      recovery.destroy();
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  async #first(): Promise<Engine> {
    try {
      return await this.#source.first();
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      return this.#next(error);
    }
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error('There is no engine yet.');
    return this.#engine;
  }

  /** The plan in use with its reason, after that of the backend if it was measured. */
  get tuning(): Tuning {
    const { tuning } = this.engine;
    const { comparison } = this.#source;
    return comparison?.before(tuning) ?? tuning;
  }

  get recoveries(): readonly Recovery[] {
    return this.#recoveries.slice();
  }

  /** Whether the engine accepts work at once. */
  get ready(): boolean {
    return !this.#pause && !this.#lost;
  }

  /**
   * Waits until the engine accepts work. @throws {DeviceLostError} if a lost engine cannot be
   * replaced
   */
  async untilReady(): Promise<void> {
    while (this.#pause) await this.#pause;
    // A new request for a device may succeed where the last one failed.
    if (this.#lost) await this.replaced(this.engine, this.#lost);
  }

  /**
   * Has the engine do the work, at once if the engine is ready. If its device is lost, the next
   * engine does the work again.
   */
  async on<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      if (!this.ready) await this.untilReady();
      const { engine } = this;
      try {
        return await work(engine);
      } catch (error) {
        await this.replaced(engine, error);
      }
    }
  }

  /** Has the engine do the work like {@link on}, while all other calls wait. */
  alone<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const done = this.#untilDone(work);
    this.#pauseFor(done.then(() => {}));
    return done;
  }

  /**
   * Waits until a failed engine is replaced.
   * @throws the error, if the engine can go on
   */
  async replaced(engine: Engine, error: unknown): Promise<void> {
    if (engine === this.#engine && !this.#pause) {
      if (this.#destroyed) throw error;
      // Work on a lost engine may fail with any error.
      if (!isFailure(error)) throw this.#lost ?? error;
      // Training goes on without the kernel of a read.
      if (error instanceof ShaderError && !this.#source.allowsCpu) throw refused(error);
      this.#pauseFor(this.#replace(error));
    }
    await this.#pause;
  }

  destroy(): void {
    this.#end.abort();
    this.#candidate?.destroy();
    this.#engine?.destroy();
  }

  get #destroyed(): boolean {
    return this.#end.signal.aborted;
  }

  async #untilDone<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work(this.engine);
      } catch (error) {
        if (!isFailure(error) || this.#destroyed) throw error;
        await this.#replace(error);
      }
    }
  }

  #pauseFor(work: Promise<void>): void {
    const pause = work.finally(() => {
      if (this.#pause === pause) this.#pause = undefined;
    });
    // Every caller that waits receives the error. Without a caller the rejection must not be
    // unhandled.
    pause.catch(() => {});
    this.#pause = pause;
  }

  async #replace(failure: Failure): Promise<void> {
    this.engine.destroy();
    try {
      // The lost engine may hold measurements that have already arrived.
      await this.#progress.drain().catch(() => {});
      this.#engine = await this.#next(failure);
      this.#lost = undefined;
    } catch (error) {
      this.#lost = new DeviceLostError(reasonOf(failure), this.#progress.snapshots.checkpoint);
      this.#lost.cause = error instanceof DeviceLostError ? error.cause : error;
      throw this.#lost;
    }
  }

  /**
   * Creates an engine and repeats training up to the last reported step.
   * @throws {DeviceLostError} if no engine may or can replace the lost one
   */
  async #next(failure: Failure): Promise<Engine> {
    const reason = reasonOf(failure);
    for (let last = failure; ; ) {
      const engine = await this.#open(last);
      this.#candidate = engine;
      try {
        if (this.#destroyed) throw last;
        const step = this.#engine ? await this.#progress.repeat(engine) : 0;
        if (this.#destroyed) throw last;
        this.#recoveries.push({ reason, backend: engine.backend, step });
        return engine;
      } catch (error) {
        engine.destroy();
        if (!isFailure(error) || this.#destroyed) throw error;
        last = error;
      } finally {
        this.#candidate = undefined;
      }
    }
  }

  /** Creates an engine on another device, or else on the CPU, if the caller allows it. */
  async #open(failure: Failure): Promise<Engine> {
    const source = this.#source;
    if (failure instanceof ShaderError) {
      if (source.allowsCpu) return source.onCpu(refused(failure).message);
      throw refused(failure);
    }
    let reason: unknown = failure;
    source.countLoss();
    const end = performance.now() + PATIENCE;
    for (const wait of WAITS) {
      if (!source.hasAnother || performance.now() >= end) break;
      await this.#wait(wait);
      if (this.#destroyed) throw failure;
      try {
        return await source.another(this.#end.signal);
      } catch (error) {
        if (this.#destroyed) throw failure;
        if (error instanceof DeviceLostError) source.countLoss();
        reason = error;
      }
    }
    if (source.allowsCpu) return source.onCpu(`The GPU device was lost: ${failure.reason}`);
    failure.cause ??= reason === failure ? undefined : reason;
    throw failure;
  }

  /** Waits, at the longest until {@link destroy}. */
  #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#end;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener('abort', end);
    });
  }
}

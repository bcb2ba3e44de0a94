import type { Engine } from '../engine.ts';
import { DeviceLostError } from '../errors.ts';
import type { Recovery } from '../types.ts';
import type { Progress } from './progress.ts';

/** Creates the engines of a trainer. */
export interface EngineSource {
  /** Creates the first engine. */
  first(): Promise<Engine>;
  /**
   * Creates an engine on another device; undefined if the caller wants none or no device can be
   * requested.
   */
  another: (() => Promise<Engine>) | undefined;
  /** Creates an engine on the CPU; undefined if the caller does not allow it. */
  onCpu: (() => Promise<Engine>) | undefined;
}

/** Browsers block a page's access to the GPU after three losses in a short time. */
const MOST_DEVICES = 2;
const PERIOD = 60_000;
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
  /** The times of the requests that gave a device. */
  #requests: number[] = [];
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
  #destroyed = false;
  #stopWaiting = () => {};

  private constructor(source: EngineSource, progress: Progress) {
    this.#source = source;
    this.#progress = progress;
  }

  /**
   * Creates the first engine.
   * @throws {DeviceLostError} if its device is lost and no other device can replace it
   */
  static async begin(source: EngineSource, progress: Progress): Promise<EngineRecovery> {
    const recovery = new EngineRecovery(source, progress);
    try {
      recovery.#engine = await source.first();
    } catch (error) {
      if (!(error instanceof DeviceLostError)) throw error;
      recovery.#engine = await recovery.#next(error);
    }
    return recovery;
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error('There is no engine yet.');
    return this.#engine;
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
   * @throws the error, if the device is not lost
   */
  async replaced(engine: Engine, error: unknown): Promise<void> {
    if (engine === this.#engine && !this.#pause) {
      if (this.#destroyed) throw error;
      // Work on a lost engine may fail with any error.
      if (!(error instanceof DeviceLostError)) throw this.#lost ?? error;
      this.#pauseFor(this.#replace(error));
    }
    await this.#pause;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#candidate?.destroy();
    this.#stopWaiting();
    this.#engine?.destroy();
  }

  async #untilDone<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work(this.engine);
      } catch (error) {
        if (!(error instanceof DeviceLostError) || this.#destroyed) throw error;
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

  async #replace(lost: DeviceLostError): Promise<void> {
    this.engine.destroy();
    try {
      // The lost engine may hold measurements that have already arrived.
      await this.#progress.drain().catch(() => {});
      this.#engine = await this.#next(lost);
      this.#lost = undefined;
    } catch (error) {
      this.#lost = new DeviceLostError(lost.reason, this.#progress.snapshots.checkpoint);
      this.#lost.cause = error instanceof DeviceLostError ? error.cause : error;
      throw this.#lost;
    }
  }

  /**
   * Creates an engine and repeats training up to the last reported step.
   * @throws {DeviceLostError} if no engine may or can replace the lost one
   */
  async #next(lost: DeviceLostError): Promise<Engine> {
    const { reason } = lost;
    for (let last = lost; ; ) {
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
        if (!(error instanceof DeviceLostError) || this.#destroyed) throw error;
        last = error;
      } finally {
        this.#candidate = undefined;
      }
    }
  }

  /** Creates an engine on another device, or else on the CPU, if the caller allows it. */
  async #open(lost: DeviceLostError): Promise<Engine> {
    const { another, onCpu } = this.#source;
    let reason: unknown = lost;
    for (const wait of WAITS) {
      if (!another || !this.#mayRequest()) break;
      await this.#wait(wait);
      if (this.#destroyed) throw lost;
      try {
        const engine = await another();
        this.#requests.push(performance.now());
        return engine;
      } catch (error) {
        // A device that was lost at once counts as a request too.
        if (error instanceof DeviceLostError) this.#requests.push(performance.now());
        reason = error;
      }
    }
    if (another && onCpu) return onCpu();
    lost.cause ??= reason === lost ? undefined : reason;
    throw lost;
  }

  /** Waits, at the longest until {@link destroy}. */
  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whether the limit allows another request for a device. */
  #mayRequest(): boolean {
    const now = performance.now();
    this.#requests = this.#requests.filter((time) => now - time < PERIOD);
    return this.#requests.length < MOST_DEVICES;
  }
}

import type { Engine } from '../engine.ts';
import { DeviceLostError } from '../errors.ts';
import type { Recovery } from '../types.ts';
import type { Progress } from './progress.ts';

/** Where engines come from. */
export interface EngineSource {
  first(): Promise<Engine>;
  /** One on another device; undefined where the caller wants none. */
  another: (() => Promise<Engine>) | undefined;
  /** One without a device, where the caller allows that. */
  onCpu: (() => Promise<Engine>) | undefined;
}

/** Browsers keep a page from the GPU after three losses in a short time. */
const MOST_DEVICES = 2;
const PERIOD = 60_000;
/** Milliseconds between two questions for a device: a driver that starts again takes its time. */
const WAITS = [0, 250, 1000];

/**
 * The engine of a trainer, and the one that takes its place when its device is lost. Training
 * follows from its last snapshot and the number of steps since: the next engine repeats them with
 * the same bits, then carries out whatever was under way.
 */
export class EngineRecovery {
  readonly #source: EngineSource;
  readonly #progress: Progress;
  readonly #recoveries: Recovery[] = [];
  /** When devices were asked for. */
  #requests: number[] = [];
  #engine: Engine | undefined;
  /** An engine that repeats steps before it takes over. */
  #candidate: Engine | undefined;
  /**
   * Ends when the engine can be asked again: until then it is being replaced, or asked by one
   * caller alone.
   */
  #pause: Promise<void> | undefined;
  /** Why the engine cannot be used, where no other engine has taken its place. */
  #lost: DeviceLostError | undefined;
  #destroyed = false;
  #stopWaiting = () => {};

  private constructor(source: EngineSource, progress: Progress) {
    this.#source = source;
    this.#progress = progress;
  }

  /**
   * @throws {DeviceLostError} if the device is lost meanwhile and no other one can take its place
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

  /** Whether the engine can be asked at once. */
  get ready(): boolean {
    return !this.#pause && !this.#lost;
  }

  /** Waits until the engine can be asked. @throws {DeviceLostError} if there is none */
  async untilReady(): Promise<void> {
    while (this.#pause) await this.#pause;
    // Since then another device may have come.
    if (this.#lost) await this.replaced(this.engine, this.#lost);
  }

  /**
   * Has work done by the engine, at once where it is ready, and again by the engine that takes its
   * place.
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

  /** The same, while everybody else waits. */
  alone<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const done = this.#untilDone(work);
    this.#pauseFor(done.then(() => {}));
    return done;
  }

  /**
   * Waits for the engine that takes the place of one that failed.
   * @throws the error, if the engine is not lost
   */
  async replaced(engine: Engine, error: unknown): Promise<void> {
    if (engine === this.#engine && !this.#pause) {
      if (this.#destroyed) throw error;
      // Work on an engine that was given up fails in any way.
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
    // Whoever asks for the engine meanwhile is told of a failure.
    pause.catch(() => {});
    this.#pause = pause;
  }

  async #replace(lost: DeviceLostError): Promise<void> {
    this.engine.destroy();
    try {
      // The lost engine may hold measurements that have come already.
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
   * An engine that has come to the step that callers know of.
   * @throws {DeviceLostError} if nothing may or can take the place
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

  /** An engine on another device, else on the CPU, as far as the caller allows it. */
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
        // That device was lost as well.
        if (error instanceof DeviceLostError) this.#requests.push(performance.now());
        reason = error;
      }
    }
    if (another && onCpu) return onCpu();
    lost.cause ??= reason === lost ? undefined : reason;
    throw lost;
  }

  /** Waits, but not beyond {@link destroy}. */
  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whether a device may be asked for once more. */
  #mayRequest(): boolean {
    const now = performance.now();
    this.#requests = this.#requests.filter((time) => now - time < PERIOD);
    return this.#requests.length < MOST_DEVICES;
  }
}

import type { Engine } from '../engine.ts';
import { DeviceLostError } from '../errors.ts';
import type { Recovery } from '../types.ts';

/** Where engines come from. */
export interface EngineSource {
  first(): Promise<Engine>;
  /** One on another device; undefined where the caller wants none. */
  another: (() => Promise<Engine>) | undefined;
  /** One without a device, where the caller allows that. */
  onCpu: (() => Promise<Engine>) | undefined;
}

/** Browsers keep a page from the GPU after three losses in a short time. */
const MOST = 2;
const PERIOD = 60_000;
/** Milliseconds between two questions for a device: a driver that starts again takes its time. */
const PATIENCE = [0, 250, 1000];

/** Engines that take the place of one whose device was lost. */
export class Succession {
  readonly #source: EngineSource;
  readonly #recoveries: Recovery[] = [];
  /** When devices were asked for. */
  #times: number[] = [];
  /** The engine that is being brought up. */
  #candidate: Engine | undefined;
  #stopWaiting = () => {};

  constructor(source: EngineSource) {
    this.#source = source;
  }

  get recoveries(): readonly Recovery[] {
    return this.#recoveries.slice();
  }

  /**
   * @param bringUp makes the engine go on from a snapshot, and says at which step that was
   * @param wanted whether anybody still waits for it
   * @throws {DeviceLostError} if nothing may or can take the place
   */
  async next(
    lost: DeviceLostError,
    bringUp: (engine: Engine) => Promise<number>,
    wanted: () => boolean,
  ): Promise<Engine> {
    const { reason } = lost;
    for (let last = lost; ; ) {
      const engine = await this.#open(last, wanted);
      this.#candidate = engine;
      try {
        if (!wanted()) throw last;
        const step = await bringUp(engine);
        if (!wanted()) throw last;
        this.#recoveries.push({ reason, backend: engine.backend, step });
        return engine;
      } catch (error) {
        engine.destroy();
        if (!(error instanceof DeviceLostError) || !wanted()) throw error;
        last = error;
      } finally {
        this.#candidate = undefined;
      }
    }
  }

  /** Ends what is being made. */
  abandon(): void {
    this.#candidate?.destroy();
    this.#stopWaiting();
  }

  async #open(lost: DeviceLostError, wanted: () => boolean): Promise<Engine> {
    const { another, onCpu } = this.#source;
    let reason: unknown = lost;
    for (const wait of PATIENCE) {
      if (!another || !this.#within()) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#stopWaiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (!wanted()) throw lost;
      try {
        const engine = await another();
        this.#times.push(performance.now());
        return engine;
      } catch (error) {
        // That device was lost as well.
        if (error instanceof DeviceLostError) this.#times.push(performance.now());
        reason = error;
      }
    }
    if (another && onCpu) return onCpu();
    lost.cause ??= reason === lost ? undefined : reason;
    throw lost;
  }

  /** Whether a device may be lost once more. */
  #within(): boolean {
    const now = performance.now();
    this.#times = this.#times.filter((time) => now - time < PERIOD);
    return this.#times.length < MOST;
  }
}

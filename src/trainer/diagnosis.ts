import type { Divergence } from '../engine.ts';
import type { TrainingSetup } from '../options/setup.ts';
import type { NonFiniteError } from '../training-errors.ts';
import type { EngineRecovery } from './recovery.ts';
import type { Snapshots } from './snapshots.ts';

/** The place of a divergence. Every call throws the same error until the next `restore`. */
export class Diagnosis {
  readonly #setup: TrainingSetup;
  readonly #recovery: EngineRecovery;
  readonly #snapshots: Snapshots;
  /** The step at which training stands, and the error once it is known. */
  #found: { step: number; error?: NonFiniteError } | undefined;
  #pending: Promise<NonFiniteError> | undefined;

  constructor(setup: TrainingSetup, recovery: EngineRecovery, snapshots: Snapshots) {
    this.#setup = setup;
    this.#recovery = recovery;
    this.#snapshots = snapshots;
  }

  /** The step at which training stands after a divergence; undefined without one. */
  get step(): number | undefined {
    return this.#found?.step;
  }

  /** @throws {NonFiniteError} after a divergence that is diagnosed */
  check(): void {
    if (this.#found?.error) throw this.#found.error;
  }

  /** Training goes on from another state. */
  forget(): void {
    this.#found = undefined;
  }

  /** Diagnoses a divergence, once. @param step at which training stands */
  of(divergence: Divergence, step: number): Promise<NonFiniteError> {
    this.#pending ??= this.#diagnose(divergence, step).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #diagnose(divergence: Divergence, step: number): Promise<NonFiniteError> {
    if (this.#found?.error) return this.#found.error;
    // The engine goes back to earlier steps during the diagnosis.
    const found: { step: number; error?: NonFiniteError } = { step };
    this.#found = found;
    const { latest } = this.#snapshots;
    found.error = await this.#recovery
      .alone(async (engine) => {
        const { diagnose } = await import('./diagnose.ts');
        return diagnose(engine, this.#setup, latest, divergence);
      })
      .catch(() => divergence);
    return found.error;
  }
}

import { DestroyedError, DeviceLostError } from '../../index.ts';
import type { Experiment } from './experiment/experiment.ts';
import type { PlanCache } from './found-plans.ts';
import { problemOf } from './problems.ts';
import type { Checked, Report, TimingStatus } from './protocol.ts';

/**
 * Work beside a run, whose code loads when it is asked for. Its errors are reported, and leave the
 * run as it is. `run` is the number under which it is reported.
 */
export class SideWork {
  readonly #post: (report: Report) => void;
  readonly #cache: PlanCache;

  constructor(post: (report: Report) => void, cache: PlanCache) {
    this.#post = post;
    this.#cache = cache;
  }

  /**
   * Reads the next step.
   * @param present whether the run is still the page's
   * @param tells whether an error of the run itself is reported
   */
  inside(experiment: Experiment, run: number, present: () => boolean, tells: () => boolean): void {
    const fail = (error: unknown) => {
      if (present()) this.#fail(run, error);
    };
    experiment
      .readStep()
      .then(({ state, uncompared }) => {
        if (present()) this.#post({ type: 'inside', run, state });
        if (uncompared) fail(uncompared);
      })
      .catch((error) => {
        if (tells()) fail(error);
      });
  }

  async check(
    experiment: Experiment,
    run: number,
    what: Checked['what'],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { runCheck } = await import('./side-checks/checks.ts');
      const checked = await runCheck(experiment, what, signal);
      this.#post({ type: 'checked', run, checked });
    } catch (error) {
      this.#post({ type: 'checked', run, checked: undefined });
      if (!signal.aborted) this.#fail(run, error);
    }
  }

  /** Compares the backends, if there is a GPU. */
  async time(
    { settings, trainingData, resources: { device } }: Experiment,
    run: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (!device) return;
    const tell = (status: TimingStatus) => this.#post({ type: 'timing', run, status });
    try {
      const { timeBackends } = await import('./side-checks/time-backends.ts');
      const resources = { device, cache: this.#cache };
      const timing = await timeBackends(settings, trainingData, resources, signal, (progress) =>
        tell({ state: 'running', ...progress }),
      );
      tell({ state: 'done', timing });
    } catch (error) {
      // The adapter's report already tells of a lost device.
      const ended = signal.aborted || error instanceof DeviceLostError;
      tell(ended ? { state: 'idle' } : { state: 'failed', problem: problemOf(error) });
    }
  }

  #fail(run: number, error: unknown): void {
    if (error instanceof DestroyedError) return;
    this.#post({ type: 'problem', run, problem: problemOf(error), aside: true });
  }
}

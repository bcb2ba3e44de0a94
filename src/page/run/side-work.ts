import { DestroyedError, DeviceLostError } from '../../index.ts';
import type { ModelFormat } from '../../models/index.ts';
import type { Experiment } from './experiment/experiment.ts';
import type { PlanCache } from './found-plans.ts';
import type { KeptRows } from './kept-rows.ts';
import { problemOf } from './problems.ts';
import type { Answer, Checked, Command, Report, Taken, TimingStatus, TrialStatus } from './protocol.ts';

/** Posts a report, and hands buffers over with it. */
export type Post = (report: Report, transfer?: Transferable[]) => void;

/**
 * Work beside a run, whose code loads when it is asked for. Its errors are reported, and leave the
 * run as it is. `run` is the number under which it is reported.
 */
export class SideWork {
  readonly #post: Post;
  readonly #cache: PlanCache;

  constructor(post: Post, cache: PlanCache) {
    this.#post = post;
    this.#cache = cache;
  }

  /**
   * Reads the next step.
   * @param row a training row that is followed
   * @param present whether the run is still the page's
   * @param tells whether an error of the run itself is reported
   */
  inside(
    experiment: Experiment,
    row: number | undefined,
    run: number,
    present: () => boolean,
    tells: () => boolean,
  ): void {
    const fail = (error: unknown) => {
      if (present()) this.#fail(run, error);
    };
    experiment
      .readStep(row)
      .then(({ state, uncompared }) => {
        if (present()) this.#post({ type: 'inside', run, state });
        if (uncompared) fail(uncompared);
      })
      .catch((error) => {
        if (tells()) fail(error);
      });
  }

  /**
   * Reads the present step, all its parts between two segments of training.
   * @param format writes the model of the step that was read last, instead
   */
  async take(experiment: Experiment | undefined, format: ModelFormat | undefined): Promise<void> {
    const tell = (taken: Taken) => this.#post({ type: 'taken', taken });
    try {
      if (!experiment) tell({});
      else if (!format) tell({ frame: await experiment.readFrame() });
      else {
        const { modelFile } = await import('./side-checks/model-file.ts');
        tell({ file: await modelFile(experiment, format) });
      }
    } catch (error) {
      tell({ problem: problemOf(error) });
    }
  }

  /**
   * Answers a question about the present network, beside training.
   * @param signal ends an answer that takes long
   */
  async answer(
    experiment: Experiment | undefined,
    { number, question }: Extract<Command, { type: 'ask' }>,
    signal: AbortSignal,
  ): Promise<void> {
    let answer: Answer | undefined;
    try {
      const { answerTo } = await import('./side-checks/answers.ts');
      answer = experiment && (await answerTo(experiment, question, signal));
    } catch (error) {
      // The run itself reports what ails it, and goes on without this answer.
      console.info(error);
    }
    this.#post({ type: 'answer', number, answer });
  }

  /** Divides rows in place of the page, which would stand still. */
  async divide(rows: KeptRows, { number, settings }: Extract<Command, { type: 'divide' }>): Promise<void> {
    try {
      const { copy, buffers } = (await rows.divided(settings)) ?? {};
      this.#post({ type: 'divided', number, divided: copy }, buffers);
    } catch (error) {
      console.info(error);
      this.#post({ type: 'divided', number, divided: undefined });
    }
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

  /** Tries learning rates from the run's present parameters on. */
  async find(experiment: Experiment, run: number, signal: AbortSignal): Promise<void> {
    const tell = (status: TrialStatus) => this.#post({ type: 'trial', run, status });
    try {
      const { tryRates } = await import('./side-checks/try-rates.ts');
      const trial = await tryRates(experiment, signal, (progress) => tell({ state: 'running', progress }));
      tell({ state: 'done', trial });
    } catch (error) {
      tell(signal.aborted ? { state: 'idle' } : { state: 'failed', problem: problemOf(error) });
    }
  }

  #fail(run: number, error: unknown): void {
    if (error instanceof DestroyedError) return;
    this.#post({ type: 'problem', run, problem: problemOf(error), aside: true });
  }
}

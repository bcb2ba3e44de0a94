import { DestroyedError, DeviceLostError, PlanError } from '../../index.ts';
import { changes, type Settings } from '../settings/settings.ts';
import type { Experiment } from './experiment.ts';
import { PlanCache } from './found-plans.ts';
import { Place } from './place.ts';
import { problemOf } from './problems.ts';
import type { Checked, Command, Frame, Report, RunStatus, TimingStatus } from './protocol.ts';

/** Milliseconds from the first picture to the first look inside. */
const LOOK_AFTER = 300;

/** A request that takes its turn. */
type Work = Exclude<Command, { type: 'remember' | 'benchmark' | 'calm' | 'pause' | 'inside' }>;

/**
 * Carries out what the page asks, one request after the other. Each ends what is under way; what it
 * asks for is looked at when its turn comes, so that no request is lost and only the newest run is
 * opened.
 */
export class Runner {
  readonly #post: (report: Report) => void;
  readonly #cache: PlanCache;
  readonly #place: Place;
  /** The newest run that was asked for, and the one that the experiment is of, which is told of. */
  #wanted = 0;
  #run = 0;
  /** What the run is to have. */
  #settings: Settings | undefined;
  #experiment: Experiment | undefined;
  /** What the run has come to. */
  #state: 'opening' | 'standing' | 'training' | 'failed' = 'opening';
  /** Milliseconds between pictures, at least. */
  #interval = 100;
  /** Ends training, repeating, timing and checking. */
  #activity = new AbortController();
  /** Updates asked for and not begun. */
  #pendingSteps = 0;
  /** Whether training goes on after settings have been taken over. */
  #goesOn = false;
  #queue: Promise<void> = Promise.resolve();

  constructor(post: (report: Report) => void) {
    this.#post = post;
    this.#cache = new PlanCache((key, candidate) => post({ type: 'found', key, candidate }));
    this.#place = new Place(this.#cache, (adapter) => post({ type: 'adapter', adapter }));
  }

  get cache(): PlanCache {
    return this.#cache;
  }

  /** Resolves when everything asked for so far has been carried out. */
  get idle(): Promise<void> {
    return this.#queue;
  }

  handle(command: Exclude<Command, { type: 'remember' | 'benchmark' }>): void {
    if (command.type === 'calm') {
      this.#interval = command.interval;
      return;
    }
    if (command.type === 'inside') {
      this.#goInside();
      return;
    }
    if (command.type === 'step') {
      // Steps add up; everything else ends what is under way.
      this.#pendingSteps += command.steps;
      if (this.#pendingSteps > command.steps) return;
    } else this.#pendingSteps = 0;
    if (command.type === 'open') this.#wanted = command.run;
    this.#goesOn = command.type === 'adjust' && (this.#goesOn || this.#state === 'training');
    this.#activity.abort();
    if (command.type === 'pause') return;
    this.#activity = new AbortController();
    const { signal } = this.#activity;
    this.#queue = this.#queue.then(() => this.#execute(command, signal)).catch((error) => this.#fail(error));
  }

  async #execute(command: Work, signal: AbortSignal): Promise<void> {
    switch (command.type) {
      case 'open':
        return this.#open(command, signal);
      case 'rewind':
        return this.#rewind();
      case 'adjust':
        return this.#adjust(command.settings, signal);
    }
    const experiment = this.#experiment;
    if (!experiment || this.#state === 'failed') return;
    switch (command.type) {
      case 'train':
        return this.#train(experiment, signal);
      case 'step':
        return this.#advance(experiment, signal);
      case 'time':
        return this.#time(experiment, signal);
      case 'check':
        return this.#check(experiment, command.what, signal);
    }
  }

  async #open(
    { run, settings, step, turns }: Extract<Work, { type: 'open' }>,
    signal: AbortSignal,
  ): Promise<void> {
    // A newer one has been asked for.
    if (run !== this.#wanted) return;
    this.#run = run;
    this.#settings = settings;
    const experiment = await this.#create(settings);
    if (!experiment) return;
    // Without a look inside, which compiles kernels that the first step does not need.
    const repeats = step > 0;
    this.#show(await experiment.frame(false), true, repeats ? 'training' : 'untrained');
    if (repeats) await this.#repeat(experiment, turns, step, signal);
    else this.#lookInside(experiment);
  }

  /** Makes the run's experiment in place of the one before. */
  async #create(settings: Settings): Promise<Experiment | undefined> {
    this.#experiment?.destroy();
    this.#experiment = undefined;
    this.#state = 'opening';
    const experiment = await this.#place.create(settings);
    if (this.#run !== this.#wanted) {
      experiment?.destroy();
      return undefined;
    }
    this.#experiment = experiment;
    if (!experiment) this.#postStatus('empty');
    return experiment;
  }

  /**
   * Shows what is inside soon, beside what else is asked for: who trains at once does not wait for
   * what that loads and compiles.
   */
  #lookInside(experiment: Experiment): void {
    new Promise((resolve) => setTimeout(resolve, LOOK_AFTER))
      .then(() => experiment.frame())
      .then((frame) => {
        if (this.#experiment === experiment && frame.latest.step === experiment.step)
          this.#show(frame, false);
        return experiment.timeDrawing();
      })
      // What fails here fails again when something is asked for, which reports it.
      .catch(() => {});
  }

  /**
   * Repeats a run up to a step, with the turns that it took. Where that is broken off, later turns
   * have not been taken.
   */
  async #repeat(
    experiment: Experiment,
    turns: Extract<Work, { type: 'open' }>['turns'],
    step: number,
    signal: AbortSignal,
  ): Promise<void> {
    let { settings } = experiment;
    for (const { step: until, ...values } of [...turns, { step }]) {
      const frame = await experiment.train({ signal, ...this.#watching, until, heedsStops: false });
      this.#show(frame, false);
      if (signal.aborted) break;
      settings = { ...settings, ...values };
      await experiment.adjust(settings);
    }
    this.#settings = experiment.settings;
    this.#show(await experiment.frame(), false, this.#standing());
  }

  async #train(experiment: Experiment, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (experiment.stopped) return this.#postStatus(this.#standing());
    this.#state = 'training';
    this.#postStatus('training');
    const frame = await experiment.train({ signal, ...this.#watching });
    // Settings that are taken over on the way leave it training.
    this.#show(frame, false, this.#goesOn ? undefined : this.#standing());
  }

  async #advance(experiment: Experiment, signal: AbortSignal): Promise<void> {
    const steps = this.#pendingSteps;
    this.#pendingSteps = 0;
    if (experiment.stopped || steps === 0) return;
    if (steps > 1) this.#postStatus('training');
    const frame = await experiment.train({ signal, ...this.#watching, until: experiment.step + steps });
    this.#show(frame, false, this.#standing());
  }

  /**
   * Takes settings over. A run that could not begin may do so with them; one that has failed needs
   * to be rewound.
   */
  async #adjust(settings: Settings, signal: AbortSignal): Promise<void> {
    this.#settings = settings;
    const experiment = this.#experiment;
    if (!experiment) {
      if (this.#state === 'opening') await this.#rewind();
      return;
    }
    if (this.#state === 'failed') return;
    const trains = this.#goesOn;
    // Where newer settings wait, these leave it to them.
    if (!signal.aborted) this.#goesOn = false;
    await experiment.adjust(settings);
    if (trains && !signal.aborted) await this.#train(experiment, signal);
    else if (!this.#goesOn) this.#show(await experiment.frame(), false, this.#standing());
  }

  /**
   * Goes back to the start, in a new experiment where the old one is not as the settings have it.
   */
  async #rewind(): Promise<void> {
    if (!this.#settings) return;
    let experiment = this.#experiment;
    const fits = experiment && changes(experiment.settings, this.#settings).length === 0;
    if (experiment && fits && this.#state !== 'failed') await experiment.rewind();
    else experiment = await this.#create(this.#settings);
    if (experiment) this.#show(await experiment.frame(), true, 'untrained');
  }

  /** Reads the next step of the run that there is, beside what is under way. */
  #goInside(): void {
    const experiment = this.#experiment;
    if (!experiment || this.#state === 'failed') return;
    experiment
      .readStep()
      .then((state) => {
        if (this.#experiment === experiment) this.#post({ type: 'inside', run: this.#run, state });
      })
      .catch((error) => {
        // Who trains finds the same, and says more of it.
        if (this.#experiment === experiment && this.#state === 'standing') this.#fail(error);
      });
  }

  async #check(experiment: Experiment, what: Checked['what'], signal: AbortSignal): Promise<void> {
    const { runCheck } = await import('./checks.ts');
    try {
      const checked = await runCheck(experiment, what, signal);
      this.#post({ type: 'checked', run: this.#run, checked });
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#post({ type: 'checked', run: this.#run, checked: undefined });
    }
  }

  /** Compares the backends, where there are two. */
  async #time({ settings, trainingData }: Experiment, signal: AbortSignal): Promise<void> {
    const device = await this.#place.device();
    if (!device) return;
    const tell = (status: TimingStatus) => this.#post({ type: 'timing', run: this.#run, status });
    const { timeBackends } = await import('./time-backends.ts');
    try {
      const place = { device, cache: this.#cache };
      const timing = await timeBackends(settings, trainingData, place, signal, (progress) =>
        tell({ state: 'running', ...progress }),
      );
      tell({ state: 'done', timing });
    } catch (error) {
      // Of a lost device the page is told once.
      const ended = signal.aborted || error instanceof DeviceLostError;
      tell(ended ? { state: 'idle' } : { state: 'failed', problem: problemOf(error) });
    }
  }

  /** What is seen of training on the way. */
  get #watching() {
    return { interval: () => this.#interval, show: (frame: Frame) => this.#show(frame, false) };
  }

  /** What a run that is not training is. */
  #standing(): RunStatus {
    this.#state = 'standing';
    if (this.#experiment?.stopped) return 'finished';
    return this.#experiment?.step === 0 ? 'untrained' : 'paused';
  }

  /** Tells the page of an error, unless it has been told already. */
  #fail(error: unknown): void {
    // Who destroys an experiment tells of what comes after it.
    if (error instanceof DestroyedError) return;
    // What could not begin can do so with other settings, and what a plan does not take leaves the
    // run as it was.
    const recovers = error instanceof PlanError || (!this.#experiment && !(error instanceof DeviceLostError));
    if (!recovers) this.#state = 'failed';
    this.#goesOn = false;
    this.#post({ type: 'problem', run: this.#run, problem: problemOf(error) });
  }

  /**
   * The state and the status in one message, so that the page never shows one without the other.
   */
  #show(frame: Frame, fresh: boolean, status?: RunStatus): void {
    if (status === 'untrained') this.#state = 'standing';
    const stopped = status === 'finished' ? this.#experiment?.stopped : undefined;
    // Of a loss the frame tells; the adapter is another one from now on.
    if (frame.recoveries[frame.recoveries.length - 1]?.backend === 'cpu') this.#place.leaveGpu();
    this.#post({
      type: 'frame',
      run: this.#run,
      fresh,
      frame,
      ...(status && { status }),
      ...(stopped && { stopped }),
    });
  }

  #postStatus(status: RunStatus): void {
    const stopped = status === 'finished' ? this.#experiment?.stopped : undefined;
    this.#post({ type: 'status', run: this.#run, status, ...(stopped && { stopped }) });
  }
}

import { DestroyedError, DeviceLostError } from '../../index.ts';
import { changes, type Settings, settingsAt } from '../settings/settings.ts';
import type { Experiment } from './experiment/experiment.ts';
import { ExperimentSource } from './experiment/experiment-source.ts';
import { drawLater } from './experiment/later-pictures.ts';
import { PlanCache } from './found-plans.ts';
import { KeptRows } from './kept-rows.ts';
import { problemOf } from './problems.ts';
import type { Command, Frame, RunStatus } from './protocol.ts';
import { type Post, SideWork } from './side-work.ts';

/** The commands that answer at once, beside other work. */
type Beside =
  | 'remember'
  | 'rows'
  | 'divide'
  | 'benchmark'
  | 'watch'
  | 'pause'
  | 'cancel'
  | 'inside'
  | 'take'
  | 'ask';

/** A command that waits for its turn. */
type QueuedCommand = Exclude<Command, { type: Beside }>;

/** What ends a command: `signal` its work, `opening` the opening of a run. */
interface Signals {
  signal: AbortSignal;
  opening: AbortSignal;
}

/**
 * Carries out the page's commands, one after the other. A command ends the work under way and is
 * carried out when its turn comes, so that no command is lost and only the newest run is opened.
 */
export class Runner {
  readonly #post: Post;
  readonly #cache: PlanCache;
  readonly #source: ExperimentSource;
  readonly #side: SideWork;
  /** Its signal ends the opening of the newest run. */
  #opening = new AbortController();
  /** The run that is open; 0 while one is being opened. */
  #opened = 0;
  /** The newest run that the page asked for, and the run of the experiment, which reports name. */
  #wanted = 0;
  #run = 0;
  /** The settings that the page wants. */
  #settings: Settings | undefined;
  readonly #rows = new KeptRows();
  #experiment: Experiment | undefined;
  /** The work of the experiment at the moment. */
  #state: 'opening' | 'standing' | 'training' | 'failed' = 'opening';
  /** How the page looks on. */
  #watch = { interval: 100, seen: true };
  /** Its signal ends training, repeating, timing, checking and long answers. */
  #activity = new AbortController();
  /** Steps that the page has asked for and that have not begun. */
  #pendingSteps = 0;
  /** Whether training goes on after settings have been applied. */
  #goesOn = false;
  /** The step of the run that the page wants to see, until it is shown. */
  #sought: number | undefined;
  /** The last step that was shown of a run whose numbers became infinite: the steps before can be shown. */
  #diverged: number | undefined;
  /** The step that was shown last. */
  #shown = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(post: Post) {
    this.#post = post;
    this.#cache = new PlanCache((key, candidate) => post({ type: 'found', key, candidate }));
    this.#source = new ExperimentSource(this.#cache, (adapter) => post({ type: 'adapter', adapter }));
    this.#side = new SideWork(post, this.#cache);
  }

  get cache(): PlanCache {
    return this.#cache;
  }

  /** Resolves when all commands so far have been carried out. */
  get idle(): Promise<void> {
    return this.#queue;
  }

  /** Carries out a command of the page. The worker itself carries out a benchmark. */
  carryOut(command: Command): void {
    if (command.type === 'remember') this.#cache.remember(command.found);
    else if (command.type === 'rows') this.#rows.add(command.rows);
    else if (command.type === 'divide') this.#side.divide(this.#rows, command);
    else if (command.type !== 'benchmark') this.handle(command);
  }

  handle(command: Exclude<Command, { type: 'remember' | 'rows' | 'divide' | 'benchmark' }>): void {
    if (command.type === 'watch') {
      this.#watch = command;
      return;
    }
    if (command.type === 'inside' || command.type === 'take' || command.type === 'ask') {
      this.#beside(command);
      return;
    }
    // The page shows a run that does not train.
    if (command.type === 'pause' && this.#sought !== undefined) return;
    if (command.type === 'step') {
      // Steps add up. All other commands end the work under way.
      this.#pendingSteps += command.steps;
      if (this.#pendingSteps > command.steps) return;
    } else this.#pendingSteps = 0;
    if (command.type === 'open') {
      this.#wanted = command.run;
      this.#opening.abort();
    }
    const trains = this.#state === 'training' && this.#sought === undefined;
    this.#goesOn = command.type === 'adjust' && (this.#goesOn || trains);
    if (command.type === 'look') this.#sought = command.step;
    this.#activity.abort();
    this.#activity = new AbortController();
    if (command.type === 'pause') return;
    if (command.type === 'cancel') {
      this.#cancel();
      return;
    }
    if (this.#opening.signal.aborted) this.#opening = new AbortController();
    const signals = { signal: this.#activity.signal, opening: this.#opening.signal };
    this.#queue = this.#queue.then(() => this.#execute(command, signals)).catch((error) => this.#fail(error));
  }

  async #execute(command: QueuedCommand, { signal, opening }: Signals): Promise<void> {
    switch (command.type) {
      case 'open':
        return this.#open(command, { signal, opening });
      case 'rewind':
        return this.#rewind(opening);
      case 'adjust':
        return this.#adjust(command.settings, { signal, opening });
      case 'look':
        return this.#look(signal);
    }
    const experiment = this.#experiment;
    if (!experiment || this.#state === 'failed') return;
    await this.#look(signal);
    switch (command.type) {
      case 'train':
        return this.#train(experiment, signal);
      case 'step':
        return this.#advance(experiment, signal);
      case 'time':
        return this.#side.time(experiment, this.#run, signal);
      case 'find':
        return this.#side.find(experiment, this.#run, signal);
      case 'check':
        return this.#side.check(experiment, this.#run, command.what, signal);
    }
  }

  async #open(
    { run, settings, step, turns, checkpoint }: Extract<QueuedCommand, { type: 'open' }>,
    { signal, opening }: Signals,
  ): Promise<void> {
    // The page has asked for a newer run.
    if (run !== this.#wanted) return;
    this.#run = run;
    this.#settings = settings;
    this.#sought = undefined;
    const experiment = await this.#create(settings, opening);
    if (!experiment) return;
    if (checkpoint) await experiment.resume(checkpoint, turns);
    this.#settings = experiment.settings;
    // The first frame has no insight, which needs more kernels than the first step.
    const repeats = step > 0;
    const frame = await experiment.frame({ inside: false });
    this.#opened = run;
    this.#show(frame, true, repeats ? 'training' : this.#standing());
    if (repeats) await this.#repeat(experiment, turns, step, signal);
    else if (!experiment.picturesLate) this.#drawLater(experiment);
  }

  /** Replaces the experiment by a new one. */
  async #create(settings: Settings, signal: AbortSignal): Promise<Experiment | undefined> {
    this.#leave();
    if (signal.aborted) return undefined;
    let experiment: Experiment | undefined;
    try {
      experiment = await this.#source.create(settings, this.#rows.of(settings), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) {
      experiment?.destroy();
      return undefined;
    }
    this.#experiment = experiment;
    if (!experiment) this.#postStatus('empty');
    return experiment;
  }

  #leave(): void {
    this.#experiment?.destroy();
    this.#experiment = undefined;
    this.#state = 'opening';
    this.#diverged = undefined;
    this.#opened = 0;
  }

  /** Ends the opening of the newest run. A rewind, or other settings, open it again. */
  #cancel(): void {
    if (this.#opened === this.#wanted) return;
    this.#opening.abort();
    this.#leave();
  }

  /** Shows pictures a little later, beside other commands. */
  #drawLater(experiment: Experiment): void {
    drawLater(experiment, {
      present: () => this.#experiment === experiment,
      stands: () => this.#state === 'standing',
      show: (frame) => this.#show(frame, false),
    });
  }

  /**
   * Repeats a run up to a step, with the turns that it took. After an abort, and a turn that cannot
   * be taken, it stands there.
   */
  async #repeat(
    experiment: Experiment,
    turns: Extract<QueuedCommand, { type: 'open' }>['turns'],
    step: number,
    signal: AbortSignal,
  ): Promise<void> {
    let { settings } = experiment;
    for (const { step: until, ...values } of [...turns, { step }]) {
      const frame = await experiment.train({ signal, ...this.#watching, until, heedsStops: false });
      this.#show(frame, false);
      if (signal.aborted) break;
      settings = { ...settings, ...values };
      if (!(await this.#takeOver(experiment, settings))) break;
    }
    this.#settings = experiment.settings;
    this.#show(await experiment.frame(), false, this.#standing());
  }

  /** Shows the step that the page wants to see, unless it is shown. An abort leaves that to the next command. */
  async #look(signal: AbortSignal): Promise<void> {
    const [experiment, step] = [this.#experiment, this.#sought];
    if (!experiment || step === undefined || (this.#state === 'failed' && this.#diverged === undefined))
      return;
    this.#settings = settingsAt(step, experiment.turns, experiment.settings);
    if (signal.aborted) return;
    const goTo = (step: number) =>
      experiment.goTo(step, signal, async () => this.#show(await experiment.frame(), false));
    if (this.#diverged !== undefined) {
      // The loss may be infinite before the parameters are: the run ends at its last finite loss.
      await goTo(this.#diverged);
      if (signal.aborted) return;
      await experiment.goOn();
      this.#diverged = undefined;
    }
    this.#state = 'standing';
    await goTo(step);
    if (signal.aborted) return;
    this.#sought = undefined;
    this.#show(await experiment.frame(), false, this.#standing());
  }

  /** The run goes on from the step that is shown, where the page cuts its curves. */
  async #goOn(experiment: Experiment): Promise<void> {
    if (experiment.end === undefined) return;
    await experiment.goOn();
    this.#show(await experiment.frame({ regions: false }), false);
  }

  async #train(experiment: Experiment, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await this.#goOn(experiment);
    if (experiment.stopped) return this.#postStatus(this.#standing());
    this.#state = 'training';
    this.#postStatus('training');
    const frame = await experiment.train({ signal, ...this.#watching });
    // A change of settings on the way does not end training.
    this.#show(frame, false, this.#goesOn ? undefined : this.#standing());
  }

  async #advance(experiment: Experiment, signal: AbortSignal): Promise<void> {
    const steps = this.#pendingSteps;
    this.#pendingSteps = 0;
    await this.#goOn(experiment);
    if (experiment.stopped || steps === 0) return;
    if (steps > 1) this.#postStatus('training');
    const frame = await experiment.train({ signal, ...this.#watching, until: experiment.step + steps });
    this.#show(frame, false, this.#standing());
  }

  /**
   * Applies settings. A run that could not begin may begin with them; a failed run has to be
   * rewound.
   */
  async #adjust(settings: Settings, { signal, opening }: Signals): Promise<void> {
    this.#settings = settings;
    const experiment = this.#experiment;
    if (!experiment) {
      if (this.#state === 'opening') await this.#rewind(opening);
      return;
    }
    if (this.#state === 'failed') return;
    const trains = this.#goesOn;
    await this.#look(new AbortController().signal);
    // Newer settings are waiting, and their command goes on with training.
    if (!signal.aborted) this.#goesOn = false;
    await this.#takeOver(experiment, settings);
    if (trains && !signal.aborted) await this.#train(experiment, signal);
    else if (!this.#goesOn) this.#show(await experiment.frame(), false, this.#standing());
  }

  /**
   * Applies settings to a run. The run keeps its own, and the page is told, if their plan does not
   * take its network or a trainer with that plan finds no memory.
   * @returns whether the run has the settings
   * @throws any other error
   */
  async #takeOver(experiment: Experiment, settings: Settings): Promise<boolean> {
    try {
      await experiment.adjust(settings);
      return true;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind !== 'plan' && problem.kind !== 'memory') throw error;
      this.#settings = experiment.settings;
      const refused = { refused: settings, kept: experiment.settings };
      this.#post({ type: 'problem', run: this.#run, problem, refused });
      return false;
    }
  }

  /**
   * Goes back to the start, in a new experiment if the settings have changed or the run has failed.
   */
  async #rewind(opening: AbortSignal): Promise<void> {
    if (!this.#settings) return;
    this.#sought = undefined;
    let experiment = this.#experiment;
    const fits = experiment && changes(experiment.settings, this.#settings).length === 0;
    const stays = experiment && fits && !this.#source.canImprove(experiment);
    if (experiment && stays && this.#state !== 'failed') await experiment.rewind();
    else experiment = await this.#create(this.#settings, opening);
    if (!experiment) return;
    const frame = await experiment.frame();
    this.#opened = this.#run;
    this.#show(frame, true, 'untrained');
  }

  /** Answers about the present run, beside other work. */
  #beside(command: Extract<Command, { type: 'inside' | 'take' | 'ask' }>): void {
    const experiment = this.#state === 'failed' ? undefined : this.#experiment;
    if (command.type === 'take') this.#side.take(experiment, command.format);
    else if (command.type === 'ask') this.#side.answer(experiment, command, this.#activity.signal);
    else if (experiment) {
      const present = () => this.#experiment === experiment;
      // Training meets the same error and reports more of it.
      this.#side.inside(experiment, command.row, this.#run, present, () => this.#state === 'standing');
    }
  }

  /** The frames of a run, and the step at which it ends. */
  get #watching() {
    return {
      interval: () => this.#watch.interval,
      seen: () => this.#watch.seen,
      show: (frame: Frame) => this.#show(frame, false),
    };
  }

  /** The status of a run that does not train. */
  #standing(): RunStatus {
    this.#state = 'standing';
    if (this.#experiment?.stopped) return 'finished';
    return this.#experiment?.step === 0 && this.#experiment.end === undefined ? 'untrained' : 'paused';
  }

  /** Reports an error to the page. */
  #fail(error: unknown): void {
    // Destroying an experiment is not a problem: the next run reports its own status.
    if (error instanceof DestroyedError) return;
    // A run that could not begin may begin with other settings.
    const recovers = !this.#experiment && !(error instanceof DeviceLostError);
    if (!recovers) this.#state = 'failed';
    this.#goesOn = false;
    const problem = problemOf(error);
    this.#diverged = problem.kind === 'diverged' ? this.#shown : undefined;
    this.#post({ type: 'problem', run: this.#run, problem });
  }

  /**
   * The state and the status in one message, so that the page never shows one without the other.
   */
  #show(frame: Frame, fresh: boolean, status?: RunStatus): void {
    this.#shown = frame.latest.step;
    if (status === 'untrained') this.#state = 'standing';
    const stands = this.#state === 'standing' && status !== undefined;
    if (stands && this.#experiment?.picturesLate) this.#drawLater(this.#experiment);
    const stopped = status === 'finished' ? this.#experiment?.stopped : undefined;
    if (this.#experiment) this.#source.watch(this.#experiment.trainer);
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

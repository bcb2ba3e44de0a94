import { computed, effect, signal, untracked } from '@preact/signals';
import type { Checkpoint } from '../../index.ts';
import type { Checked, Frame, Refused } from '../run/protocol.ts';
import { formatLink, type LinkRemark, parseLink } from '../settings/link.ts';
import type { Resumption } from '../settings/resumption.ts';
import {
  changes,
  DEFAULTS,
  needsRestart,
  RANGES,
  type Settings,
  settingsAt,
  type Turn,
} from '../settings/settings.ts';
import type { Plane } from '../settings/study-data.ts';
import { isAccepted, type Work, workOf } from '../settings/work.ts';
import { address, goTo, replaceAddress, type View } from './address.ts';
import type { BenchmarkSession } from './benchmark.ts';
import { Connection } from './connection.ts';
import { DataSource } from './data-source.ts';
import { UNKNOWN } from './run-view.ts';

/** The page's state: the settings, their data, and the run of them. */
export class Session {
  readonly settings = signal<Settings>(parseLink('').settings);
  readonly #connection = new Connection({
    frame: ({ frame, status }) => {
      if (frame.latest.step > 0) this.rewound.value = [];
      if (status === 'paused' || status === 'finished') this.#endRepeating(frame);
      if (frame.plane?.id !== this.#plane.peek()?.id) this.#plane.value = frame.plane;
    },
    refused: (refused) => this.#putBack(refused),
  });
  readonly adapter = this.#connection.adapter;
  readonly run = this.#connection.run;
  readonly question = this.#connection.question;
  readonly read = this.#connection.read.bind(this.#connection);
  readonly ask = this.#connection.ask.bind(this.#connection);
  readonly source = new DataSource(this.#connection);
  /** The plane over which the worker draws loaded rows. */
  readonly #plane = signal<Plane | undefined>(undefined);
  readonly data = computed(() => this.source.dataOf(this.settings.value, this.#plane.value));
  /** The benchmark, whose code loads with its view. */
  benchmark: BenchmarkSession | undefined;
  /** The parts of the link that were not understood. */
  readonly remarks = signal<LinkRemark[]>([]);
  /** The changed settings that made the run start again. */
  readonly rewound = signal<(keyof Settings)[]>([]);
  /** The training row that the view Inside follows, if one was chosen elsewhere. */
  readonly followed = signal<number | undefined>(undefined);
  #asked: { settings: Settings; turns: readonly Turn[] } | undefined;
  /** The settings in the address that were applied last. */
  #followed = '';
  /** Whether a run with turns is being repeated. */
  #repeating = false;

  constructor() {
    effect(() => {
      const { settings } = address.value;
      // Rows that come later are no new address.
      untracked(() => this.#follow(settings));
    });
  }

  /** Changes settings: in the present run if it can apply them, else in a new run. */
  change(part: Partial<Settings>, view: View = 'train'): void {
    const settings = { ...this.settings.peek(), ...part };
    if (changes(this.settings.peek(), settings).length === 0) return;
    this.#take(settings);
    this.remarks.value = [];
    this.#followed = formatLink(settings);
    goTo({ view, settings: this.#followed });
  }

  /** Training pauses, because it would slow the benchmark. */
  startBenchmark(benchmark: BenchmarkSession): void {
    this.pause();
    benchmark.start(this.settings.peek(), this.data.peek().train);
  }

  train(): void {
    this.benchmark?.cancel('training');
    // The press is answered at once, even if the worker is busy. The worker reports the real
    // status.
    if (this.run.peek().status === 'cancelled') this.#connection.send({ type: 'rewind' });
    this.#connection.change({ status: 'starting' });
    this.#connection.send({ type: 'train' });
  }

  /** A run that has reached its last step trains for as many steps again. */
  trainOn(): void {
    const { stopStep } = this.settings.peek();
    this.change({ stopStep: Math.min(2 * stopStep, RANGES.stopStep.max) });
    this.train();
  }

  pause(): void {
    if (this.run.peek().status === 'training') this.#connection.change({ pausing: true });
    this.#connection.send({ type: 'pause' });
  }

  /** Ends the opening of a run, unless its first frame is on its way. */
  cancel(): void {
    this.#connection.change({ status: 'cancelled' });
    this.#connection.send({ type: 'cancel' });
  }

  step(steps: number): void {
    this.benchmark?.cancel('training');
    const { end, latest, sought = latest?.step ?? 0 } = this.run.peek();
    if (end === undefined) this.#connection.send({ type: 'step', steps });
    else this.look(Math.min(sought + steps, end));
  }

  /** Shows a step of the run so far, with the settings that it had there; training pauses. */
  look(step: number): void {
    this.benchmark?.cancel('training');
    this.#putSettings(settingsAt(step, this.run.peek().turns ?? [], this.settings.peek()));
    this.#connection.change({ sought: step });
    this.#connection.send({ type: 'look', step });
  }

  rewind(): void {
    this.#connection.send({ type: 'rewind' });
  }

  time(): void {
    this.benchmark?.cancel('timing');
    this.#connection.send({ type: 'time' });
  }

  findRate(): void {
    this.benchmark?.cancel('training');
    this.#connection.change({ trial: { state: 'running', progress: 0 } });
    this.#connection.send({ type: 'find' });
  }

  /** Takes back the last change to the points. */
  undo(): void {
    this.change({ edits: this.settings.peek().edits.slice(0, -1) });
  }

  /** Steps in which every training point is seen once. */
  get epoch(): number {
    const { batchSize } = this.settings.peek();
    const rows = this.data.peek().train?.count ?? 1;
    return batchSize > 0 ? Math.ceil(rows / Math.min(batchSize, rows)) : 1;
  }

  /** A link to this page as it is, with the step that the run stands at. */
  get link(): string {
    const { latest, turns } = this.run.value;
    return this.linkAt(latest?.step, turns);
  }

  /** A link to the run at a step, with the turns on the way. */
  linkAt(at: number | undefined, turns: readonly Turn[] = []): string {
    const { step: _, ...begun } = turns[0] ?? { step: 0 };
    const before = turns.slice(1).filter(({ step }) => step <= (at ?? 0));
    const settings = formatLink({ ...this.settings.value, ...begun }, at, before);
    return `${location.href.split('#')[0]}#train${settings && `?${settings}`}`;
  }

  /** Goes by the address again, as the rows of its link are here. */
  followAgain(): void {
    this.#followed = '';
    this.#follow(address.peek().settings);
  }

  /** Applies the address's settings, unless they have been applied already. */
  #follow(text: string): void {
    if (this.#connection.runs > 0 && text === this.#followed) return;
    this.#followed = text;
    const { settings, step, turns, remarks } = parseLink(text);
    this.remarks.value = remarks;
    // A link without a setting that was understood keeps the present settings.
    if (
      this.#connection.runs > 0 &&
      remarks.length > 0 &&
      step === 0 &&
      changes(DEFAULTS, settings).length === 0
    )
      return;
    // The first settings are shown at once, those of a later link when their rows are here.
    if (this.#connection.runs === 0) this.settings.value = settings;
    this.#withData(settings, () => {
      const work = workOf(settings, this.source.dataOf(settings, undefined), step);
      if (this.#mayBegin(work, settings)) this.#begin(settings, turns, step);
      else this.#ask(work, settings, turns);
    });
  }

  /**
   * Goes on when what makes the data of settings is here: at once, or when it has been loaded, unless
   * other settings have been chosen meanwhile. Commands wait until then.
   */
  #withData(settings: Settings, goOn: () => void): void {
    const { source } = this;
    this.#connection.after(source.lacks(settings) ? source.load(settings) : undefined, goOn);
  }

  /** Whether a link's work begins at once. A run of the same network is open already. */
  #mayBegin(work: Work, settings: Settings): boolean {
    const open = this.#connection.runs > 0 && this.question.peek() === undefined;
    const restarts = work.steps > 0 || needsRestart(this.settings.peek(), settings);
    return isAccepted(work) || (open && !restarts);
  }

  #begin(settings: Settings, turns: readonly Turn[], step: number): void {
    if (this.#connection.runs > 0 && step === 0) {
      this.#take(settings);
      return;
    }
    const last = step > 0 ? turns[turns.length - 1] : undefined;
    const { step: _, ...values } = last ?? { step: 0 };
    this.settings.value = { ...settings, ...values };
    this.rewound.value = [];
    this.#open(settings, turns, step);
  }

  /** Asks before the work of a link begins. The settings and the points are shown meanwhile. */
  #ask(work: Work, settings: Settings, turns: readonly Turn[]): void {
    this.pause();
    // Late messages of the run before are of no use.
    this.#connection.runs++;
    this.#asked = { settings, turns };
    this.settings.value = settings;
    this.rewound.value = [];
    this.run.value = { ...UNKNOWN, status: 'asking' };
    this.question.value = work;
  }

  /** The answer to the question of a link. @param trains whether its steps are trained, too */
  answer(trains: boolean): void {
    const steps = this.question.peek()?.steps;
    const { settings, turns } = this.#asked ?? {};
    if (!settings || !turns || steps === undefined) return;
    this.#open(settings, trains ? turns : [], trains ? steps : 0);
    const last = trains ? turns[turns.length - 1] : undefined;
    const { step: _, ...values } = last ?? { step: 0 };
    this.settings.value = { ...settings, ...values };
  }

  /** Goes on with a run that was taken away, whose data are here. */
  resume({ settings, turns, checkpoint }: Resumption): void {
    const { step: _, ...values } = turns[turns.length - 1] ?? { step: 0 };
    const present = { ...settings, ...values };
    this.settings.value = present;
    this.remarks.value = [];
    this.rewound.value = [];
    this.#followed = formatLink(present);
    goTo({ view: 'train', settings: this.#followed });
    this.#open(settings, turns, 0, checkpoint);
  }

  #take(settings: Settings): void {
    const before = this.settings.peek();
    const changed = changes(before, settings);
    this.settings.value = settings;
    if (
      needsRestart(before, settings) ||
      this.question.peek() ||
      this.#connection.waits ||
      this.run.peek().status === 'empty'
    ) {
      const begun = (this.run.peek().latest?.step ?? 0) > 0;
      this.rewound.value = begun ? changed : [];
      this.#open(settings, [], 0);
    } else if (changed.length > 0) {
      this.#connection.send({ type: 'adjust', settings });
      this.#connection.change({ checked: {} });
    }
  }

  #open(settings: Settings, turns: readonly Turn[], step: number, checkpoint?: Checkpoint): void {
    this.#connection.runs++;
    this.#asked = undefined;
    this.question.value = undefined;
    this.#repeating = step > 0;
    // The last picture stays until the new one comes, so that nothing blinks.
    const { evidence } = this.run.peek();
    this.run.value = { ...UNKNOWN, ...(evidence && { evidence }) };
    this.#withData(settings, () => {
      const run = this.#connection.runs;
      this.#connection.send({
        type: 'open',
        ...{ run, settings, turns, step },
        ...(checkpoint && { checkpoint }),
      });
    });
  }

  /** Reads the next step now, and again wherever the run comes to stand, until {@link leaveInside}. */
  goInside(): void {
    this.benchmark?.cancel('inside');
    this.#connection.readInside(this.followed.peek());
  }

  /** Opens the view Inside at a training row. */
  follow(row: number): void {
    this.followed.value = row;
    goTo({ view: 'inside', settings: address.peek().settings });
  }

  /** Goes back from a row of its own to the batch of the step. */
  unfollow(): void {
    this.followed.value = undefined;
    this.#connection.readInside(undefined);
  }

  leaveInside(): void {
    this.followed.value = undefined;
    this.#connection.leaveInside();
  }

  check(what: Checked['what']): void {
    this.#connection.check(what);
  }

  /** Puts settings back that the run refused, unless they have been changed again since. */
  #putBack({ refused, kept }: Refused): void {
    const present = this.settings.peek();
    const changedSince = changes(refused, present);
    const back = changes(refused, kept).filter((key) => !changedSince.includes(key));
    this.#putSettings({ ...present, ...Object.fromEntries(back.map((key) => [key, kept[key]])) });
  }

  /** Settings that the run has already. */
  #putSettings(settings: Settings): void {
    if (changes(this.settings.peek(), settings).length === 0) return;
    this.settings.value = settings;
    this.#followed = formatLink(settings);
    replaceAddress({ view: address.peek().view, settings: this.#followed });
  }

  /** A repeated run that was ended early has not taken its last turns. */
  #endRepeating({ turns, latest }: Frame): void {
    if (!this.#repeating) return;
    this.#repeating = false;
    const { sought = latest.step } = this.run.peek();
    this.settings.value = settingsAt(sought, turns, this.settings.peek());
  }
}

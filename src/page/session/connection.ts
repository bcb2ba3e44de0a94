import { signal } from '@preact/signals';
import type { ModelFormat } from '../../models/index.ts';
import { storedPlans, storePlan } from '../run/found-plans.ts';
import type {
  AdapterReport,
  Answer,
  Checked,
  Command,
  Question,
  Refused,
  Report,
  Taken,
} from '../run/protocol.ts';
import type { Settings } from '../settings/settings.ts';
import { buffersOf, type DividedRows, type RowSet } from '../settings/study-data.ts';
import type { Work } from '../settings/work.ts';
import type { RowKeeper } from './data-source.ts';
import { picturesSeen } from './pictures-seen.ts';
import { changesByFrame, type RunView, UNKNOWN } from './run-view.ts';
import { openWorkplace } from './workplace.ts';

/** Milliseconds between pictures, at least. */
const FRAME_INTERVAL = 100;
const CALM_FRAME_INTERVAL = 1000;

/** What a session does beside the view of the run when the worker reports. */
interface Listeners {
  /** A frame of the present run, before it is in the view; `before` is what the view had. */
  frame(report: Extract<Report, { type: 'frame' }>, before: RunView): void;
  /** The run keeps its own settings. */
  refused(refused: Refused): void;
}

/** The page's connection to the worker that trains: commands, what the page knows of the run, and answers. */
export class Connection implements RowKeeper {
  readonly adapter = signal<AdapterReport | undefined>(undefined);
  readonly run = signal<RunView>(UNKNOWN);
  /** The work of a link that waits for an answer. */
  readonly question = signal<Work | undefined>(undefined);
  /** Counts the runs that the page has opened. */
  runs = 0;
  readonly #listeners: Listeners;
  readonly #post: (command: Command, transfer?: Transferable[]) => void;
  /** Whether the view Inside is open, and the training row that it follows. */
  #inside: { row: number | undefined } | undefined;
  #taken: ((taken: Taken) => void) | undefined;
  /** Who waits for the answer to a question, or for divided rows, by its number. */
  readonly #asking = new Map<number, (answer: Answer | undefined) => void>();
  readonly #dividing = new Map<number, (divided: DividedRows | undefined) => void>();
  #questions = 0;
  /** How the worker thinks that the page looks on. */
  #watch: { interval: number; seen: boolean } | undefined;
  /** Commands that wait for data. */
  #waiting: Command[] | undefined;

  readonly #seen: () => boolean;

  /** @param seen whether anybody sees pictures of the run */
  constructor(listeners: Listeners, seen = picturesSeen) {
    this.#listeners = listeners;
    this.#seen = seen;
    this.#post = openWorkplace({
      receive: (report) => this.#receive(report),
      fail: () => {
        this.change({ status: 'failed', problem: { kind: 'worker' } });
        for (const tell of this.#dividing.values()) tell(undefined);
      },
    });
    this.send({ type: 'remember', found: storedPlans() });
    const motion = matchMedia('(prefers-reduced-motion: reduce)');
    const tell = () => this.#tellWatch(motion.matches ? CALM_FRAME_INTERVAL : FRAME_INTERVAL);
    motion.addEventListener('change', tell);
    document.addEventListener('visibilitychange', tell);
    // Views change and pages scroll far less often than frames come.
    this.run.subscribe(tell);
  }

  /** Whether commands wait for data. */
  get waits(): boolean {
    return this.#waiting !== undefined;
  }

  /**
   * Goes on when data are here, unless others are waited for by then. Commands wait until then.
   * @param loading undefined: they are here
   */
  after(loading: Promise<void> | undefined, goOn: () => void): void {
    if (!loading) {
      this.#waiting = undefined;
      goOn();
      return;
    }
    const waiting: Command[] = [];
    this.#waiting = waiting;
    this.change({ status: 'preparing' });
    const end = () => {
      if (this.#waiting !== waiting) return;
      this.#waiting = undefined;
      goOn();
      for (const command of waiting) this.send(command);
    };
    loading.then(end, (error) => {
      console.info(error);
      end();
    });
  }

  send(command: Command): void {
    // Nothing begins before the answer, whatever the key or button.
    const begins = ['train', 'step', 'rewind', 'time', 'find', 'check', 'inside'].includes(command.type);
    if (begins && this.question.peek()) return;
    if (this.#waiting && command.type !== 'watch') {
      this.#waiting.push(command);
      return;
    }
    if (['adjust', 'train', 'step', 'rewind', 'look'].includes(command.type))
      this.change({ refusal: undefined });
    // Both open a run again whose opening was cancelled.
    const opens = command.type === 'adjust' || command.type === 'rewind';
    if (opens && this.run.peek().status === 'cancelled') this.change({ status: 'preparing' });
    this.#post(command);
  }

  /** Tells the worker how the page looks on, when that has changed. */
  #tellWatch(interval: number): void {
    const seen = this.#seen();
    if (this.#watch?.interval === interval && this.#watch.seen === seen) return;
    this.#watch = { interval, seen };
    this.send({ type: 'watch', interval, seen });
  }

  keep(rows: RowSet, twin?: RowSet): void {
    const buffers = twin ? buffersOf(twin.data) : [];
    this.#post({ type: 'rows', rows: twin ?? rows }, buffers);
  }

  divide(settings: Settings): Promise<DividedRows> {
    const number = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#dividing.set(number, (divided) => {
        if (divided) resolve(divided);
        else reject(new Error('The rows could not be divided.'));
      });
      this.#post({ type: 'divide', number, settings });
    });
  }

  /** Reads the next step now, and again wherever the run comes to stand, until {@link leaveInside}. */
  readInside(row: number | undefined): void {
    this.#inside = { row };
    this.send({ type: 'inside', row });
  }

  leaveInside(): void {
    this.#inside = undefined;
    this.change({ inside: undefined });
  }

  /** The present step in one piece; with a format, the model of the step that was read last, as a file. */
  read(format?: ModelFormat): Promise<Taken> {
    return new Promise((resolve) => {
      this.#taken = resolve;
      this.send({ type: 'take', ...(format && { format }) });
    });
  }

  /** Asks about the present network; undefined if there is none, or it cannot answer. */
  ask<What extends Question['what']>(
    question: Extract<Question, { what: What }>,
  ): Promise<Extract<Answer, { what: What }> | undefined> {
    if (this.#waiting) return Promise.resolve(undefined);
    const number = ++this.#questions;
    return new Promise((resolve) => {
      this.#asking.set(number, (answer) => resolve(answer as Extract<Answer, { what: What }> | undefined));
      this.send({ type: 'ask', number, question });
    });
  }

  check(what: Checked['what']): void {
    this.change({ checking: what, aside: undefined });
    this.send({ type: 'check', what });
  }

  change(part: Partial<RunView>): void {
    this.run.value = { ...this.run.peek(), ...part };
  }

  #receive(report: Report): void {
    // A late message of an earlier run.
    if ('run' in report && report.run !== this.runs) return;
    switch (report.type) {
      case 'adapter':
        this.adapter.value = report.adapter;
        break;
      case 'status':
        this.change({ status: report.status, stopped: report.stopped, pausing: false });
        // An earlier run's picture does not belong to these points.
        if (report.status === 'empty') this.change({ evidence: undefined });
        break;
      case 'timing':
        this.change({ timing: report.status });
        break;
      case 'trial':
        this.change({ trial: report.status });
        break;
      case 'problem':
        this.#fail(report);
        break;
      case 'inside':
        if (this.#inside) this.change({ inside: report.state, aside: undefined });
        break;
      case 'taken':
        this.#taken?.(report.taken);
        break;
      case 'answer':
        this.#asking.get(report.number)?.(report.answer);
        this.#asking.delete(report.number);
        break;
      case 'divided':
        this.#dividing.get(report.number)?.(report.divided);
        this.#dividing.delete(report.number);
        break;
      case 'checked': {
        const { checked } = report;
        const before = this.run.peek().checked;
        this.change({
          checked: checked ? { ...before, [checked.what]: checked.result } : before,
          checking: undefined,
        });
        break;
      }
      case 'frame': {
        const { fresh, frame, status } = report;
        const before = fresh ? UNKNOWN : this.run.peek();
        this.#listeners.frame(report, before);
        this.change(changesByFrame(before, report));
        const turned = frame.turns.length !== before.turns?.length;
        if (this.#inside && ((status && status !== 'training') || turned)) this.readInside(this.#inside.row);
        break;
      }
      case 'found':
        storePlan(report.key, report.candidate);
    }
  }

  #fail({ problem, aside, refused }: Extract<Report, { type: 'problem' }>): void {
    if (aside) this.change({ aside: problem });
    else if (refused) {
      this.#listeners.refused(refused);
      this.change({ refusal: problem });
    } else {
      this.change({ status: 'failed', problem, inside: undefined, checking: undefined, sought: undefined });
      if (!this.run.peek().latest) this.change({ evidence: undefined });
    }
  }
}

import { computed, effect, signal } from '@preact/signals';
import type { Measurement } from '../../index.ts';
import { storedPlans, storePlan } from '../run/found-plans.ts';
import type {
  AdapterReport,
  Checked,
  Command,
  Frame,
  InsideState,
  Problem,
  Refused,
  Report,
  RunStatus,
  StopReason,
  TimingStatus,
} from '../run/protocol.ts';
import { formatLink, type LinkRemark, parseLink } from '../settings/link.ts';
import { planeData } from '../settings/plane-data.ts';
import { changes, DEFAULTS, needsRestart, RANGES, type Settings, type Turn } from '../settings/settings.ts';
import { isAccepted, type Work, workOf } from '../settings/work.ts';
import { address, goTo, replaceAddress, type View } from './address.ts';
import { BenchmarkSession } from './benchmark.ts';
import { joined } from './curve.ts';
import { openWorkplace } from './workplace.ts';

/** Milliseconds between pictures, at least. */
const FRAME_INTERVAL = 100;
const CALM_FRAME_INTERVAL = 1000;

/** The page's knowledge of the run. */
export interface RunView extends Partial<Omit<Frame, 'points' | 'testPoints'>> {
  status: RunStatus;
  stopped?: StopReason | undefined;
  /** The curves so far, by rising step. */
  points: readonly Measurement[];
  testPoints: readonly Measurement[];
  /** Whether training pauses when the step under way has ended. */
  pausing?: boolean;
  timing: TimingStatus;
  problem?: Problem | undefined;
  /** A problem of a check or a comparison beside the run. */
  aside?: Problem | undefined;
  /** Why the run did not take over the last settings. */
  refusal?: Problem | undefined;
  /** The next step as last read, if the view Inside is open. */
  inside?: InsideState | undefined;
  /** Results of the checks, and the check under way. */
  checked: { [What in Checked['what']]?: Extract<Checked, { what: What }>['result'] };
  checking?: Checked['what'] | undefined;
}

const UNKNOWN: RunView = {
  status: 'preparing',
  points: [],
  testPoints: [],
  timing: { state: 'idle' },
  checked: {},
};

/** The page's state, and its connection to the worker that trains. */
export class Session {
  readonly settings = signal<Settings>(parseLink('').settings);
  readonly data = computed(() => planeData(this.settings.value));
  readonly benchmark = new BenchmarkSession();
  readonly adapter = signal<AdapterReport | undefined>(undefined);
  readonly run = signal<RunView>(UNKNOWN);
  /** The parts of the link that were not understood. */
  readonly remarks = signal<LinkRemark[]>([]);
  /** The changed settings that made the run start again. */
  readonly rewound = signal<(keyof Settings)[]>([]);
  /** The work of a link that waits for an answer. */
  readonly question = signal<Work | undefined>(undefined);
  readonly #post: (command: Command) => void;
  #asked: { settings: Settings; turns: readonly Turn[] } | undefined;
  #runs = 0;
  /** The settings in the address that were applied last. */
  #followed = '';
  /** Whether a run with turns is being repeated. */
  #repeating = false;
  /** Whether the view Inside is open. */
  #inside = false;

  constructor() {
    this.#post = openWorkplace({
      receive: (report) => this.#receive(report),
      fail: () => this.#change({ status: 'failed', problem: { kind: 'worker' } }),
    });
    this.#send({ type: 'remember', found: storedPlans() });
    const motion = matchMedia('(prefers-reduced-motion: reduce)');
    const tellCalm = () =>
      this.#send({ type: 'calm', interval: motion.matches ? CALM_FRAME_INTERVAL : FRAME_INTERVAL });
    motion.addEventListener('change', tellCalm);
    tellCalm();
    effect(() => this.#follow(address.value.settings));
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
  startBenchmark(): void {
    this.pause();
    this.benchmark.start();
  }

  train(): void {
    this.benchmark.cancel('training');
    // The press is answered at once, even if the worker is busy. The worker reports the real
    // status.
    if (this.run.peek().status === 'cancelled') this.#send({ type: 'rewind' });
    this.#change({ status: 'starting' });
    this.#send({ type: 'train' });
  }

  /** A run that has reached its last step trains for as many steps again. */
  trainOn(): void {
    const { stopStep } = this.settings.peek();
    this.change({ stopStep: Math.min(2 * stopStep, RANGES.stopStep.max) });
    this.train();
  }

  pause(): void {
    if (this.run.peek().status === 'training') this.#change({ pausing: true });
    this.#send({ type: 'pause' });
  }

  /** Ends the opening of a run, unless its first frame is on its way. */
  cancel(): void {
    this.#change({ status: 'cancelled' });
    this.#send({ type: 'cancel' });
  }

  step(steps: number): void {
    this.benchmark.cancel('training');
    this.#send({ type: 'step', steps });
  }

  rewind(): void {
    this.#send({ type: 'rewind' });
  }

  time(): void {
    this.benchmark.cancel('timing');
    this.#send({ type: 'time' });
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
    const { latest, turns = [] } = this.run.value;
    const [{ learningRate, l2, plan }, ...later] = turns.length > 0 ? turns : [this.settings.value];
    const begun = { ...this.settings.value, learningRate, l2, plan };
    const settings = formatLink(begun, latest?.step, later as Turn[]);
    return `${location.href.split('#')[0]}#train${settings && `?${settings}`}`;
  }

  /** Applies the address's settings, unless they have been applied already. */
  #follow(text: string): void {
    if (this.#runs > 0 && text === this.#followed) return;
    this.#followed = text;
    const { settings, step, turns, remarks } = parseLink(text);
    this.remarks.value = remarks;
    // A link without a setting that was understood keeps the present settings.
    if (this.#runs > 0 && remarks.length > 0 && step === 0 && changes(DEFAULTS, settings).length === 0)
      return;
    const work = workOf(settings, planeData(settings), step);
    if (this.#mayBegin(work, settings)) this.#begin(settings, turns, step);
    else this.#ask(work, settings, turns);
  }

  /** Whether a link's work begins at once. A run of the same network is open already. */
  #mayBegin(work: Work, settings: Settings): boolean {
    const open = this.#runs > 0 && this.question.peek() === undefined;
    const restarts = work.steps > 0 || needsRestart(changes(this.settings.peek(), settings));
    return isAccepted(work) || (open && !restarts);
  }

  #begin(settings: Settings, turns: readonly Turn[], step: number): void {
    if (this.#runs > 0 && step === 0) {
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
    this.#runs++;
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

  #take(settings: Settings): void {
    const changed = changes(this.settings.peek(), settings);
    this.settings.value = settings;
    if (needsRestart(changed) || this.question.peek()) {
      const begun = (this.run.peek().latest?.step ?? 0) > 0;
      this.rewound.value = begun ? changed : [];
      this.#open(settings, [], 0);
    } else if (changed.length > 0) {
      this.#send({ type: 'adjust', settings });
      this.#change({ checked: {} });
    }
  }

  #open(settings: Settings, turns: readonly Turn[], step: number): void {
    this.#runs++;
    this.#asked = undefined;
    this.question.value = undefined;
    this.#repeating = step > 0;
    // The last picture stays until the new one comes, so that nothing blinks.
    const { evidence } = this.run.peek();
    this.run.value = { ...UNKNOWN, ...(evidence && { evidence }) };
    this.#send({ type: 'open', run: this.#runs, settings, turns, step });
  }

  /**
   * Reads the next step now, and again wherever the run comes to stand, until {@link leaveInside}.
   */
  goInside(): void {
    this.benchmark.cancel('inside');
    this.#inside = true;
    this.#send({ type: 'inside' });
  }

  leaveInside(): void {
    this.#inside = false;
    this.#change({ inside: undefined });
  }

  check(what: Checked['what']): void {
    this.#change({ checking: what, aside: undefined });
    this.#send({ type: 'check', what });
  }

  #send(command: Command): void {
    // Nothing begins before the answer, whatever the key or button.
    const begins = ['train', 'step', 'rewind', 'time', 'check', 'inside'].includes(command.type);
    if (begins && this.question.peek()) return;
    if (['adjust', 'train', 'step', 'rewind'].includes(command.type)) this.#change({ refusal: undefined });
    // Both open a run again whose opening was cancelled.
    const opens = command.type === 'adjust' || command.type === 'rewind';
    if (opens && this.run.peek().status === 'cancelled') this.#change({ status: 'preparing' });
    this.#post(command);
  }

  #receive(report: Report): void {
    // A late message of an earlier run.
    if ('run' in report && report.run !== this.#runs) return;
    switch (report.type) {
      case 'adapter':
        this.adapter.value = report.adapter;
        break;
      case 'status':
        this.#change({ status: report.status, stopped: report.stopped, pausing: false });
        // An earlier run's picture does not belong to these points.
        if (report.status === 'empty') this.#change({ evidence: undefined });
        break;
      case 'timing':
        this.#change({ timing: report.status });
        break;
      case 'problem':
        if (report.aside) {
          this.#change({ aside: report.problem });
          break;
        }
        if (report.refused) {
          this.#putBack(report.refused);
          this.#change({ refusal: report.problem });
          break;
        }
        this.#change({ status: 'failed', problem: report.problem, inside: undefined, checking: undefined });
        if (!this.run.peek().latest) this.#change({ evidence: undefined });
        break;
      case 'inside':
        if (this.#inside) this.#change({ inside: report.state, aside: undefined });
        break;
      case 'checked': {
        const { checked } = report;
        const before = this.run.peek().checked;
        this.#change({
          checked: checked ? { ...before, [checked.what]: checked.result } : before,
          checking: undefined,
        });
        break;
      }
      case 'frame': {
        const { fresh, frame, status, stopped } = report;
        const before = fresh ? UNKNOWN : this.run.peek();
        if (frame.latest.step > 0) this.rewound.value = [];
        if (status === 'paused' || status === 'finished') this.#endRepeating(frame);
        this.#change({
          ...frame,
          evidence: frame.evidence ?? before.evidence,
          points: joined(before.points, frame.points),
          testPoints: joined(before.testPoints, frame.testPoints),
          stepsPerSecond: frame.stepsPerSecond,
          insight: frame.insight ?? before.insight,
          // Checks of another step do not hold here.
          ...(frame.latest.step !== before.latest?.step && { checked: {} }),
          ...(status && { status, stopped, pausing: false, problem: undefined }),
        });
        const turned = frame.turns.length !== before.turns?.length;
        if (this.#inside && ((status && status !== 'training') || turned)) this.#send({ type: 'inside' });
        break;
      }
      case 'found':
        storePlan(report.key, report.candidate);
    }
  }

  /** Puts settings back that the run refused, unless they have been changed again since. */
  #putBack({ refused, kept }: Refused): void {
    const present = this.settings.peek();
    const changedSince = changes(refused, present);
    const back = changes(refused, kept).filter((key) => !changedSince.includes(key));
    const settings = { ...present, ...Object.fromEntries(back.map((key) => [key, kept[key]])) };
    this.settings.value = settings;
    this.#followed = formatLink(settings);
    replaceAddress({ view: address.peek().view, settings: this.#followed });
  }

  /** A repeated run that was ended early has not taken its last turns. */
  #endRepeating({ turns }: Frame): void {
    if (!this.#repeating) return;
    this.#repeating = false;
    const { step: _, ...values } = turns[turns.length - 1];
    this.settings.value = { ...this.settings.peek(), ...values };
  }

  #change(part: Partial<RunView>): void {
    this.run.value = { ...this.run.peek(), ...part };
  }
}

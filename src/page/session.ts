import { computed, effect, signal } from '@preact/signals';
import type { Measurement } from '../index.ts';
import { address, goTo } from './address.ts';
import { BenchmarkSession } from './benchmark/session.ts';
import { storedPlans, storePlan } from './found-plans.ts';
import { formatLink, type LinkRemark, parseLink } from './settings/link.ts';
import { planeData } from './settings/plane-data.ts';
import { changes, needsRestart, type Settings, type Turn } from './settings/settings.ts';
import { texts } from './texts/texts.ts';
import type {
  AdapterReport,
  Command,
  Frame,
  Problem,
  Report,
  RunStatus,
  StopReason,
  TimingStatus,
} from './worker/protocol.ts';

/** Milliseconds between pictures, at least. */
const FRAME_INTERVAL = 100;
const CALM_FRAME_INTERVAL = 1000;
/** Points of a curve that are kept; of more, every other one is left out. */
const MOST_POINTS = 1200;

/** What is known of the run. */
export interface RunView extends Partial<Omit<Frame, 'points' | 'testPoints'>> {
  status: RunStatus;
  stopped?: StopReason | undefined;
  /** The curves so far, by rising step. */
  points: readonly Measurement[];
  testPoints: readonly Measurement[];
  timing: TimingStatus;
  problem?: Problem | undefined;
}

const UNKNOWN: RunView = { status: 'preparing', points: [], testPoints: [], timing: { state: 'idle' } };

/** The page's state, and the way to the worker that trains. */
export class Session {
  readonly settings = signal<Settings>(parseLink('').settings);
  readonly data = computed(() => planeData(this.settings.value));
  readonly benchmark = new BenchmarkSession();
  readonly adapter = signal<AdapterReport | undefined>(undefined);
  readonly run = signal<RunView>(UNKNOWN);
  /** What of the link was not understood. */
  readonly remarks = signal<LinkRemark[]>([]);
  /** Why the run is at its start again: the settings that have changed. */
  readonly rewound = signal<(keyof Settings)[]>([]);
  readonly #worker: Worker;
  #runs = 0;

  constructor() {
    this.#worker = new Worker(new URL('./worker/worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Report>) => this.#receive(data));
    this.#worker.addEventListener('error', () => {
      this.#change({ status: 'failed', problem: { kind: 'worker' } });
    });
    this.#send({ type: 'remember', found: storedPlans() });
    const motion = matchMedia('(prefers-reduced-motion: reduce)');
    const tellCalm = () =>
      this.#send({ type: 'calm', interval: motion.matches ? CALM_FRAME_INTERVAL : FRAME_INTERVAL });
    motion.addEventListener('change', tellCalm);
    tellCalm();
    effect(() => this.#follow(address.value.settings));
  }

  /** Changes settings: at once where the run can take them over, else in a new run. */
  change(part: Partial<Settings>): void {
    const settings = { ...this.settings.peek(), ...part };
    if (changes(this.settings.peek(), settings).length === 0) return;
    this.#take(settings);
    goTo({ view: 'train', settings: formatLink(settings) });
  }

  /** One of the two at a time: what else computes would be measured too. */
  startBenchmark(): void {
    this.pause();
    this.benchmark.start();
  }

  train(): void {
    this.#interruptBenchmark();
    // At once, so that the press is answered even while the worker is busy; the worker says what came of it.
    this.#change({ status: 'starting' });
    this.#send({ type: 'train' });
  }

  pause(): void {
    this.#send({ type: 'pause' });
  }

  step(steps: number): void {
    this.#interruptBenchmark();
    this.#send({ type: 'step', steps });
  }

  rewind(): void {
    this.#send({ type: 'rewind' });
  }

  time(): void {
    this.#interruptBenchmark();
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
    const [{ learningRate, l2 }, ...later] = turns.length > 0 ? turns : [this.settings.value];
    const begun = { ...this.settings.value, learningRate, l2 };
    const settings = formatLink(begun, latest?.step, later as Turn[]);
    return `${location.href.split('#')[0]}#train${settings && `?${settings}`}`;
  }

  /** Takes over what the address says, unless it is what is shown. */
  #follow(text: string): void {
    const current = this.#runs > 0 && text === formatLink(this.settings.peek());
    if (current) return;
    const { settings, step, turns, remarks } = parseLink(text);
    this.remarks.value = remarks;
    if (this.#runs > 0 && step === 0) {
      this.#take(settings);
      return;
    }
    const last = step > 0 ? turns[turns.length - 1] : undefined;
    this.settings.value = last ? { ...settings, learningRate: last.learningRate, l2: last.l2 } : settings;
    this.rewound.value = [];
    this.#open(settings, turns, step);
  }

  #take(settings: Settings): void {
    const changed = changes(this.settings.peek(), settings);
    this.settings.value = settings;
    if (needsRestart(changed)) {
      const begun = (this.run.peek().latest?.step ?? 0) > 0;
      this.rewound.value = begun ? changed : [];
      this.#open(settings, [], 0);
    } else if (changed.length > 0) this.#send({ type: 'adjust', settings });
  }

  #open(settings: Settings, turns: readonly Turn[], step: number): void {
    this.#runs++;
    // The last picture stays until the new one comes, so that nothing blinks.
    const { evidence } = this.run.peek();
    this.run.value = { ...UNKNOWN, ...(evidence && { evidence }) };
    this.#send({ type: 'open', run: this.#runs, settings, turns, step });
  }

  #interruptBenchmark(): void {
    this.benchmark.cancel(texts.peek().benchmark.endedByTraining);
  }

  #send(command: Command): void {
    this.#worker.postMessage(command);
  }

  #receive(report: Report): void {
    // What was on its way when another run was opened.
    if ('run' in report && report.run !== this.#runs) return;
    switch (report.type) {
      case 'adapter':
        this.adapter.value = report.adapter;
        break;
      case 'status':
        this.#change({ status: report.status, stopped: report.stopped });
        break;
      case 'timing':
        this.#change({ timing: report.status });
        break;
      case 'problem':
        this.#change({ status: 'failed', problem: report.problem });
        break;
      case 'frame': {
        const { fresh, frame, status, stopped } = report;
        const before = fresh ? UNKNOWN : this.run.peek();
        if (frame.latest.step > 0) this.rewound.value = [];
        this.#change({
          ...frame,
          points: joined(before.points, frame.points),
          testPoints: joined(before.testPoints, frame.testPoints),
          stepsPerSecond: frame.stepsPerSecond,
          insight: frame.insight ?? before.insight,
          problem: undefined,
          ...(status && { status, stopped }),
        });
        break;
      }
      case 'found':
        storePlan(report.key, report.candidate);
    }
  }

  #change(part: Partial<RunView>): void {
    this.run.value = { ...this.run.peek(), ...part };
  }
}

/** Adds points to a curve; a run that goes on from a step measured before reports that step again. */
function joined(before: readonly Measurement[], added: readonly Measurement[]): Measurement[] {
  const points = before.slice();
  for (const point of added) {
    while (points.length > 0 && points[points.length - 1].step >= point.step) points.pop();
    points.push(point);
  }
  return points.length <= MOST_POINTS
    ? points
    : points.filter((_, i) => i % 2 === 0 || i === points.length - 1);
}

import { signal } from '@preact/signals';
import type { HiddenSpace, SpacePlane } from '../../run/protocol.ts';
import { Connection } from '../../session/connection.ts';
import { UNKNOWN } from '../../session/run-view.ts';
import { planeData } from '../../settings/plane-data.ts';
import { DEFAULTS, type Settings, settingsAt } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';

/** Steps that the run trains by itself, and again when it is asked to go on at its end. */
const STEPS = 2000;
/** Steps a second: slow enough to look on. */
const SPEED = 400;

const STILL = '(prefers-reduced-motion: reduce)';

/** The notes' network, as the figures train it. */
const begun = (): Settings => ({
  ...DEFAULTS,
  stopStep: STEPS,
  speed: matchMedia(STILL).matches ? 0 : SPEED,
});

/**
 * A run of the notes' network in a worker of its own, so that the reader's run under Train stays as it is.
 * Two figures show it.
 */
class NotesRun {
  readonly settings = signal(begun());
  readonly data: StudyData = planeData(this.settings.peek());
  /** The figures in sight. */
  readonly #seen = new Set<string>();
  /** Whether training waits for a figure to be seen. */
  #waits = true;
  readonly #connection = new Connection(
    { frame: () => {}, refused: () => {} },
    () => this.#seen.size > 0 && !document.hidden,
  );
  readonly view = this.#connection.run;

  /** Training begins when a figure is first seen, and pauses while none is. */
  see(figure: string, seen: boolean): void {
    if (seen) this.#seen.add(figure);
    else this.#seen.delete(figure);
    if (this.#connection.runs === 0 && seen) this.restart();
    else if (this.#seen.size > 0 && this.#waits) this.train();
    else if (this.#seen.size === 0 && this.#trains) {
      this.pause();
      this.#waits = true;
    }
  }

  /** A step that is sought has ended training, though its news is still on the way. */
  get #trains(): boolean {
    const { status, sought } = this.view.peek();
    return (status === 'training' || status === 'starting') && sought === undefined;
  }

  restart(): void {
    this.settings.value = begun();
    const run = ++this.#connection.runs;
    this.view.value = UNKNOWN;
    this.#connection.send({ type: 'open', run, settings: this.settings.peek(), turns: [], step: 0 });
    this.train();
  }

  train(): void {
    this.#waits = false;
    if (this.view.peek().status === 'finished')
      this.#adjust({ stopStep: this.settings.peek().stopStep + STEPS });
    this.#connection.change({ status: 'starting' });
    this.#connection.send({ type: 'train' });
  }

  pause(): void {
    this.#connection.send({ type: 'pause' });
  }

  look(step: number): void {
    this.#waits = false;
    this.settings.value = settingsAt(step, this.view.peek().turns ?? [], this.settings.peek());
    this.#connection.change({ sought: step });
    this.#connection.send({ type: 'look', step });
  }

  /** The learning rate of the steps after the one that is shown. */
  setRate(learningRate: number): void {
    this.#adjust({ learningRate });
  }

  #adjust(part: Partial<Settings>): void {
    this.settings.value = { ...this.settings.peek(), ...part };
    this.#connection.send({ type: 'adjust', settings: this.settings.peek() });
  }

  askSpace(over: SpacePlane): Promise<HiddenSpace | undefined> {
    return this.#connection.ask({ what: 'hidden', over });
  }
}

let shared: NotesRun | undefined;

/** The one run that figures share. */
export function notesRun(): NotesRun {
  shared ??= new NotesRun();
  return shared;
}

import { signal } from '@preact/signals';
import type {
  Choice,
  Counts,
  Preview,
  ReaderCommand,
  ReaderReport,
  ReadProblem,
} from '../run/reader/protocol.ts';
import address from '../run/reader/reader-worker.ts?worker&url';
import type { TrainingFile, Unfit } from '../settings/resumption.ts';
import type { TableChoice } from '../settings/settings.ts';
import { type RowSet, rowsKey } from '../settings/study-data.ts';

/** Where a person stands on the way from a file to its rows. */
export type FileState =
  | { at: 'choosing' }
  | { at: 'reading'; name: string; bytes: number; total: number; rows: number; secondsLeft?: number }
  /** Something else was read than the link was made from. */
  | { at: 'other'; preview: Preview; wanted: TableChoice }
  /** `counts` or `problem` come a little after the choice. */
  | { at: 'preview'; preview: Preview; choice: Choice; counts?: Counts; problem?: ReadProblem }
  /** The rows are on their way to the run. */
  | { at: 'taking'; preview: Preview; choice: Choice }
  /** A run is on its way to the page. */
  | { at: 'resuming'; name: string }
  /** The page cannot hold the run, or has other data. */
  | { at: 'unfit'; name: string; unfit: Unfit }
  | { at: 'failed'; name: string; problem: ReadProblem };

/** The rows that a person has chosen, and what a link says of them. */
export interface Taken {
  table: TableChoice;
  rows: RowSet;
  /** The same in buffers of their own, for the worker of the run. */
  twin: RowSet;
  /** Undefined: as the settings have it. */
  testShare: number | undefined;
}

/** What the page does with what was read. */
interface Uses {
  /** Trains on rows. */
  rows(taken: Taken): Promise<void>;
  /**
   * Goes on with a run.
   * @param taken its rows, if it asked for them
   * @returns the rows that it needs, or why it cannot go on; undefined if it does
   */
  run(training: TrainingFile, taken: Taken | undefined): Promise<{ wanted: TableChoice } | Unfit | undefined>;
}

/** Milliseconds of reading after which the time left is guessed. */
const GUESSED_AFTER = 500;

/**
 * A file on its way to the rows of a run. It is read in a worker of its own, which ends with the
 * dialog, so that its memory is free again.
 */
export class OwnFile {
  readonly state = signal<FileState>({ at: 'choosing' });
  /** What is read, or has been. */
  files: readonly File[] = [];
  readonly #uses: Uses;
  /** What a link asks for, and what is asked for now. */
  readonly #linked: TableChoice | undefined;
  #wanted: TableChoice | undefined;
  /** The run that waits for its rows. */
  #training: TrainingFile | undefined;
  #reader: Worker | undefined;
  #started = 0;
  /** The choices of these files so far: an answer to an earlier one is of no use. */
  #choices = 0;
  #testShare: number | undefined;

  /** @param wanted what a link asks for */
  constructor(uses: Uses, wanted: TableChoice | undefined) {
    this.#uses = uses;
    this.#linked = wanted;
    this.#wanted = wanted;
  }

  /** What a link, or a run that goes on, asks for. */
  get wanted(): TableChoice | undefined {
    return this.#wanted;
  }

  /** Whether a run waits for its rows. */
  get resumes(): boolean {
    return this.#training !== undefined;
  }

  read(files: readonly File[]): void {
    this.end();
    if (files.length === 0) return;
    this.files = files;
    this.#choices = 0;
    const name = namesOf(files);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    this.state.value = { at: 'reading', name, bytes: 0, total, rows: 0 };
    this.#started = performance.now();
    let reader: Worker;
    try {
      reader = new Worker(address, { type: 'module', name: 'reading' });
    } catch (error) {
      console.info(error);
      this.#fail(name, { kind: 'frame' });
      return;
    }
    this.#reader = reader;
    reader.addEventListener('message', ({ data }: MessageEvent<ReaderReport>) => {
      if (this.#reader === reader) this.#receive(data, name);
    });
    reader.addEventListener('error', () => {
      if (this.#reader === reader) this.#fail(name, { kind: self.origin === 'null' ? 'frame' : 'worker' });
    });
    this.#send({ type: 'read', files });
  }

  /** Ends reading, or goes back from a table to the choice of a file. */
  back(): void {
    this.end();
    this.state.value = { at: 'choosing' };
  }

  /** Frees the file and its rows. */
  end(): void {
    this.#reader?.terminate();
    this.#reader = undefined;
  }

  /** Learns another column, as it probably is meant. */
  learn(label: string): void {
    const state = this.state.peek();
    if (state.at !== 'preview' || state.choice.label === label) return;
    const { preview, choice } = state;
    const task = preview.columns.find(({ name }) => name === label)?.task ?? 'classes';
    const columns = choice.columns.length === 0 ? [] : choice.columns.filter((name) => name !== label);
    this.#prefer(preview, { ...choice, label, task, columns });
  }

  /** Gives the network a column that it would not get, or the other way round. */
  toggle(column: string): void {
    const state = this.state.peek();
    if (state.at !== 'preview') return;
    const { preview, choice } = state;
    const columns = preview.columns
      .map(({ name }) => name)
      .filter((name) => name !== choice.label && (name === column) !== isUsed(state, name));
    // The network needs an input.
    if (columns.length > 0) this.#prefer(preview, { ...choice, columns });
  }

  choose(part: Partial<Pick<Choice, 'task' | 'missing'>>): void {
    const state = this.state.peek();
    if (state.at === 'preview') this.#prefer(state.preview, { ...state.choice, ...part });
  }

  /** Uses the file that was read in the place of the link's. */
  useAnyway(): void {
    const state = this.state.peek();
    if (state.at === 'other') this.#prefer(state.preview, fitting(state.preview, state.wanted));
  }

  /** Takes the rows of the choice. @param testShare undefined: as the settings have it */
  take(testShare?: number): void {
    const state = this.state.peek();
    if (state.at !== 'preview' || !state.counts || state.problem) return;
    this.#testShare = testShare;
    this.state.value = { at: 'taking', preview: state.preview, choice: state.choice };
    this.#send({ type: 'take' });
  }

  #prefer(preview: Preview, choice: Choice): void {
    const before = this.state.peek();
    // The last counts stay until the new ones come, so that nothing blinks.
    const counts = before.at === 'preview' ? before.counts : undefined;
    this.state.value = { at: 'preview', preview, choice, ...(counts && { counts }) };
    this.#send({ type: 'choose', number: ++this.#choices, choice });
  }

  #receive(report: ReaderReport, name: string): void {
    const state = this.state.peek();
    switch (report.type) {
      case 'progress': {
        const { bytes, total, rows } = report;
        const secondsLeft = this.#secondsLeft(bytes, total);
        this.state.value = { at: 'reading', name, bytes, total, rows, ...(secondsLeft && { secondsLeft }) };
        break;
      }
      case 'preview':
        this.#look(report.preview);
        break;
      case 'chosen':
        if (report.number === this.#choices) this.#answer(report);
        break;
      case 'taken': {
        if (state.at !== 'taking') break;
        const { preview, choice } = state;
        const wanted = this.#wanted && isSame(preview, this.#wanted) ? this.#wanted : preview;
        // The same file keeps the name of the link.
        const { label, task, missing, columns } = choice;
        // In the order of a link that is read, as settings are compared as text.
        const table = { name: wanted.name, sha256: wanted.sha256, label, task, missing, columns };
        const { data, twin, images, reading } = report;
        const key = rowsKey({ shape: 'table', table }) ?? '';
        this.end();
        const times = preview.columns.flatMap(({ kind, name }) => (kind === 'date' ? name : []));
        const rows = { key, data, ...(images && { images }), ...(reading && { reading }), times };
        const taken = { table, rows, twin: { ...rows, data: twin }, testShare: this.#testShare };
        if (this.#training) this.#resume(this.#training, taken);
        else this.#uses.rows(taken).catch((error) => this.#notLoaded(name, error));
        break;
      }
      case 'training':
        this.end();
        this.#resume(report.training, undefined);
        break;
      case 'problem':
        this.#fail(name, report.problem);
    }
  }

  #resume(training: TrainingFile, taken: Taken | undefined): void {
    const { name } = training;
    this.state.value = { at: 'resuming', name };
    this.#uses.run(training, taken).then(
      (answer) => {
        if (!answer) return;
        if ('kind' in answer) {
          this.#training = undefined;
          this.#wanted = this.#linked;
          this.state.value = { at: 'unfit', name, unfit: answer };
          return;
        }
        this.#training = training;
        this.#wanted = answer.wanted;
        this.state.value = { at: 'choosing' };
      },
      (error) => this.#notLoaded(name, error),
    );
  }

  /** A part of the page did not load. */
  #notLoaded(name: string, error: unknown): void {
    console.info(error);
    this.#fail(name, { kind: 'worker' });
  }

  #secondsLeft(bytes: number, total: number): number | undefined {
    const passed = performance.now() - this.#started;
    return passed > GUESSED_AFTER && bytes > 0 ? (passed * (total - bytes)) / bytes / 1000 : undefined;
  }

  /** Shows what was read. The very file of a link is used at once, as the link says. */
  #look(preview: Preview): void {
    const wanted = this.#wanted;
    if (!wanted) this.#prefer(preview, preview.guess);
    else if (isSame(preview, wanted)) this.#prefer(preview, choiceOf(wanted));
    else this.state.value = { at: 'other', preview, wanted };
  }

  #answer({ counts, problem }: Extract<ReaderReport, { type: 'chosen' }>): void {
    const state = this.state.peek();
    const taking = state.at === 'taking';
    // A press may have come before the answer, whose problem goes before.
    if ((!taking && state.at !== 'preview') || (taking && counts)) return;
    const { preview, choice } = state;
    this.state.value = {
      at: 'preview',
      preview,
      choice,
      ...(counts && { counts }),
      ...(problem && { problem }),
    };
    const first = this.#choices === 1;
    if (first && counts && this.#wanted && isSame(preview, this.#wanted)) this.take();
  }

  #fail(name: string, problem: ReadProblem): void {
    this.end();
    this.state.value = { at: 'failed', name, problem };
  }

  #send(command: ReaderCommand): void {
    this.#reader?.postMessage(command);
  }
}

export const namesOf = (files: readonly File[]): string => files.map(({ name }) => name).join(', ');

/** Whether the network gets a column. */
export function isUsed({ choice, counts }: Extract<FileState, { at: 'preview' }>, name: string): boolean {
  if (choice.columns.length > 0) return choice.columns.includes(name);
  return !counts?.unused.some(({ column }) => column === name);
}

/** Without a hash on both sides nothing but the name can be compared. */
function isSame({ name, sha256 }: Preview, wanted: TableChoice): boolean {
  return sha256 && wanted.sha256 ? sha256 === wanted.sha256 : name === wanted.name;
}

function choiceOf({ name: _, sha256: __, ...choice }: TableChoice): Choice {
  return choice;
}

/** The choice of a link as far as another file has its columns. */
function fitting({ columns, guess }: Preview, wanted: TableChoice): Choice {
  const has = (name: string) => columns.some((column) => column.name === name);
  return has(wanted.label) ? { ...choiceOf(wanted), columns: wanted.columns.filter(has) } : guess;
}

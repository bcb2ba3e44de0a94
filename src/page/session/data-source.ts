import { signal } from '@preact/signals';
import { lacksPointKit, loadPointKit, planeData } from '../settings/plane-data.ts';
import type { Settings } from '../settings/settings.ts';
import {
  type Divided,
  type DividedRows,
  divisionKey,
  type Plane,
  type RowSet,
  rowsKey,
  type StudyData,
  withRows,
} from '../settings/study-data.ts';

type Maker = typeof import('../settings/row-data.ts');

/** The worker, as far as rows go: it keeps them for runs, and divides very many in place of the page. */
export interface RowKeeper {
  /** @param twin the same rows in buffers of their own, which are handed over */
  keep(rows: RowSet, twin?: RowSet): void;
  /** Divides rows that it keeps, as settings need them. @throws if it cannot */
  divide(settings: Settings): Promise<DividedRows>;
}

/** Rows of so many numbers would hold the page up for longer than a person notices. */
const MANY = 200_000;

/** Makes the data of settings: generates points, and keeps rows that are loaded. */
export class DataSource {
  readonly #keeper: RowKeeper;
  /** The sets of rows that are here, the newest last. */
  readonly #sets = signal<readonly RowSet[]>([]);
  readonly #maker = signal<Maker | undefined>(undefined);
  /** The last division of very many rows. */
  readonly #divided = signal<{ key: string; divided: Divided } | undefined>(undefined);
  /** Changes when points can be generated that could not before. */
  readonly #kits = signal(0);
  /** The division that was asked for last, and the one under way. */
  #wanted = '';
  #dividing: Promise<unknown> = Promise.resolve();

  constructor(keeper: RowKeeper) {
    this.#keeper = keeper;
  }

  /** The rows of the settings, if they are here. */
  rowsOf(settings: Settings): RowSet | undefined {
    const key = rowsKey(settings);
    return this.#sets.value.find((set) => set.key === key);
  }

  /**
   * Keeps rows that a person loaded.
   * @param twin the same rows in buffers of their own, for the worker
   */
  async add(rows: RowSet, twin?: RowSet): Promise<void> {
    this.#maker.value ??= await import('../settings/row-data.ts');
    this.#sets.value = withRows(this.#sets.value, rows);
    this.#keeper.keep(rows, twin);
  }

  /** Whether {@link load} brings what the settings need. */
  lacks(settings: Settings): boolean {
    const rows = this.rowsOf(settings);
    if (settings.shape === 'digits' && !rows) return true;
    return rows ? isLarge(rows) && !this.#isDivided(rows, settings) : lacksPointKit(settings);
  }

  async load(settings: Settings): Promise<void> {
    const rows = this.rowsOf(settings);
    if (rows) await this.#divide(rows, settings);
    else if (settings.shape === 'digits') {
      const { digits } = await import('../../tables/index.ts');
      await this.add({ key: 'digits', data: await digits(), images: { width: 8, height: 8 } });
    } else {
      await loadPointKit();
      this.#kits.value++;
    }
  }

  /** Brings what settings need before they are taken; what cannot be brought is told by their run. */
  async prepare(settings: Settings): Promise<void> {
    if (this.lacks(settings)) await this.load(settings).catch((error) => console.info(error));
  }

  /** The data that settings describe, without rows where these are not here. */
  dataOf(settings: Settings, plane: Plane | undefined): StudyData {
    const [rows, maker] = [this.rowsOf(settings), this.#maker.value];
    if (rows && maker) {
      const divided = isLarge(rows) ? this.#lastOf(rows) : maker.divide(rows, settings);
      if (divided) return maker.rowData(divided, plane);
    }
    this.#kits.value;
    return planeData(settings);
  }

  /** The last division of rows, until the next one comes. */
  #lastOf(rows: RowSet): Divided | undefined {
    const divided = this.#divided.value?.divided;
    return divided?.loaded.rows === rows ? divided : undefined;
  }

  #isDivided(rows: RowSet, settings: Settings): boolean {
    return this.#lastOf(rows) !== undefined && this.#divided.value?.key === divisionKey(rows, settings);
  }

  /** Has rows divided, one division after the other; of those that wait, only the last one. */
  async #divide(rows: RowSet, settings: Settings): Promise<void> {
    const key = divisionKey(rows, settings);
    this.#wanted = key;
    await this.#dividing;
    if (this.#wanted !== key || this.#isDivided(rows, settings)) return;
    const dividing = this.#keeper.divide(settings);
    this.#dividing = dividing.catch(() => {});
    const { loaded, ...divided } = await dividing;
    this.#divided.value = { key, divided: { ...divided, loaded: { ...loaded, rows } } };
  }
}

const isLarge = ({ data }: RowSet): boolean => data.inputs.length > MANY;

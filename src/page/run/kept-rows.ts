import type { Settings } from '../settings/settings.ts';
import { type DividedRows, type RowSet, rowsKey, withRows } from '../settings/study-data.ts';

/** The rows that the page has posted. Both sides keep the same sets, so that none is posted again. */
export class KeptRows {
  #sets: readonly RowSet[] = [];

  add(rows: RowSet): void {
    this.#sets = withRows(this.#sets, rows);
  }

  /** The rows of settings, if they are here. */
  of(settings: Settings): RowSet | undefined {
    const key = rowsKey(settings);
    return this.#sets.find((set) => set.key === key);
  }

  /**
   * The rows of settings, divided, to be handed over; the run that opens next has the same division.
   * Undefined if they are not here.
   */
  async divided(settings: Settings): Promise<{ copy: DividedRows; buffers: ArrayBuffer[] } | undefined> {
    const rows = this.of(settings);
    if (!rows) return undefined;
    const { divide, handedOver } = await import('../settings/row-data.ts');
    return handedOver(divide(rows, settings));
  }
}

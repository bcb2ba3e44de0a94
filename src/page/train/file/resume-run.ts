import type { Taken } from '../../session/own-file.ts';
import type { Session } from '../../session/session.ts';
import { misfitOf, resumptionOf, type TrainingFile, type Unfit } from '../../settings/resumption.ts';
import type { Settings, TableChoice } from '../../settings/settings.ts';
import { rowsKey } from '../../settings/study-data.ts';

/**
 * Goes on with a run that was taken away, on the data that it was trained on: those that its settings make,
 * the rows of its file, or, of a program's run, those that are open.
 * @param taken its rows, if it asked for them
 * @returns the rows that it needs, or why it cannot go on; undefined if it does
 */
export async function resumeRun(
  session: Session,
  training: TrainingFile,
  taken: Taken | undefined,
): Promise<{ wanted: TableChoice } | Unfit | undefined> {
  const present = session.settings.peek();
  if (taken) await session.source.add(taken.rows, taken.twin);
  const resumption = resumptionOf(training, present);
  if ('kind' in resumption) return resumption;
  const settings = { ...resumption.settings, ...openTable(resumption.settings, present) };
  if (settings.shape === 'table' && settings.table && !session.source.rowsOf(settings))
    return { wanted: settings.table };
  await session.source.prepare(settings);
  const misfit = misfitOf(training, session.source.dataOf(settings, undefined));
  if (misfit) return misfit;
  session.resume({ ...resumption, settings });
  return undefined;
}

/** The rows that are open, if they are the same under another name. */
function openTable({ table }: Settings, { table: open }: Settings): Partial<Settings> {
  if (!table || !open || table.sha256 === '') return {};
  const keyOf = (choice: TableChoice) => rowsKey({ shape: 'table', table: { ...choice, name: '' } });
  return keyOf(open) === keyOf(table) ? { table: open } : {};
}

import type { Taken } from '../../session/own-file.ts';
import type { Session } from '../../session/session.ts';
import { DEFAULTS, type Settings } from '../../settings/settings.ts';
import { rowsKey } from '../../settings/study-data.ts';

/** From so many rows on, a step sees some of them. */
const MANY = 2000;

/** What most tables are learned with: their features are scaled, and nothing is known of them. */
const BEGINNING = {
  hidden: [32],
  initialization: 'he',
  activation: DEFAULTS.activation,
  loss: DEFAULTS.loss,
  dropout: 0,
  learningRate: 0.01,
  schedule: 'constant',
  warmup: 0,
  l2: 0,
  l1: 0,
  weightDecay: 0,
  optimizer: 'adam',
  epsilon: DEFAULTS.epsilon,
  stopStep: 1000,
  stopLoss: 0,
  stopAccuracy: 0,
  patience: 0,
  scaled: true,
} satisfies Partial<Settings>;

/** Trains on the rows that a person has chosen; those of a link are opened as the link says. */
export async function useRows(session: Session, { table, rows, twin, testShare }: Taken): Promise<void> {
  const settings = session.settings.peek();
  await session.source.add(rows, twin);
  if (rows.key === rowsKey(settings)) {
    session.followAgain();
    return;
  }
  const { count, features } = rows.data;
  const part: Partial<Settings> = {
    // A network that has been chosen for a table stays with the next one.
    ...(settings.shape !== 'table' && { ...BEGINNING, batchSize: count > MANY ? 128 : 0 }),
    ...(table.task === 'values' && { loss: DEFAULTS.loss, stopAccuracy: 0 }),
    shape: 'table',
    table,
    testShare: testShare ?? settings.testShare,
    // Two features are a plane of their own, which needs no components.
    axes: features === 2 ? [0, 1] : [],
    edits: [],
    classWeights: [],
  };
  await session.source.prepare({ ...settings, ...part });
  session.change(part);
  session.train();
}

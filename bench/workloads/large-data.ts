import { createTrainer, type Dataset, RandomState, type TrainerOptions } from '../../src/index.ts';
import { Contestant, takeTurns, trainerSession } from '../../src/page/measure/contestant.ts';
import { operationsOfStep } from '../../src/page/run/benchmark/results.ts';
import { digits, type Table } from '../report/table.ts';
import { checkLoss } from './losses.ts';
import type { Settings } from './measure.ts';

const ROWS = 1_000_000;
/** Rows that stay in the processor's caches: what is lost against them, many rows cost. */
const FEW_ROWS = 2048;
const FEATURES = 20;
const CLASSES = 4;
const BATCH = 256;
/** Hidden units: few, so that rows bound the speed, and many, so that products do. */
const HIDDEN = [16, 64, 256];
/** A timing is so many times as long as usual, since an epoch has thousands of steps. */
const LONGER = 10;
/** Updates after which losses are compared. */
const CHECK_STEPS = 20;

type Way = Pick<TrainerOptions, 'backend' | 'threads'>;

const CORES = Math.min(64, globalThis.navigator?.hardwareConcurrency ?? 1);
const WAYS: [name: string, way: Way][] = [
  ['CPU, one thread', { backend: 'cpu', threads: 1 }],
  ...(CORES > 1 ? [[`CPU, ${CORES} threads`, { backend: 'cpu', threads: CORES }] as [string, Way]] : []),
  ['GPU', { backend: 'webgpu' }],
];

/**
 * The rows a second of batches out of a million rows, and out of rows that fit into a cache.
 * @throws {Error} if a loss is wrong
 */
export async function measureLargeData(
  gpu: boolean,
  settings: Settings,
  say: (line: string) => void,
): Promise<Table> {
  const ways = WAYS.filter(([, { backend }]) => gpu || backend === 'cpu');
  const sets = [ROWS, FEW_ROWS].map(someRows);
  const rows: string[][] = [];
  for (const hidden of HIDDEN) {
    const cells = await measureNetwork(sets, hidden, ways, settings);
    ways.forEach(([name], i) => {
      rows.push([`${FEATURES}→${hidden}→${CLASSES}`, name, ...cells[i]]);
    });
    say(`large data: ${hidden} hidden units: ${cells.map((cell) => cell.join(', ')).join('; ')}`);
  }
  return {
    title: `${ROWS} rows × ${FEATURES} features in batches of ${BATCH}, thousands of rows a second`,
    header: ['network', '', `of ${ROWS} rows`, `of ${FEW_ROWS} rows`, 'GFLOP/s'],
    rows,
    notes: [`Single precision. The operations are those of the steps over ${ROWS} rows.`],
  };
}

/** Rows uniform in [−1, 1), with classes that depend on their first features. */
function someRows(count: number): Dataset {
  const inputs = new Float32Array(
    new RandomState(1).randomSample(count * FEATURES).map((share) => 2 * share - 1),
  );
  const labels = Uint32Array.from({ length: count }, (_, row) => {
    const [x, y] = inputs.subarray(row * FEATURES, row * FEATURES + 2);
    return (x * y > 0 ? 1 : 0) + (x > 0.5 ? 2 : 0);
  });
  return { inputs, labels, count, features: FEATURES, classes: CLASSES };
}

/** For each way: rows a second of each set, in thousands, and operations a second of the first set. */
async function measureNetwork(
  sets: readonly Dataset[],
  hidden: number,
  ways: readonly [string, Way][],
  { timing, rounds }: Settings,
): Promise<string[][]> {
  const contestants: Contestant[] = [];
  try {
    for (const data of sets) {
      const options = { data, hidden: [hidden], batchSize: BATCH, learningRate: 0.05, seed: 1 };
      const reference = await lossOf({ ...options, backend: 'cpu', precision: 'double' });
      for (const [name, way] of ways) {
        const loss = await lossOf({ ...options, ...way });
        if (checkLoss(CHECK_STEPS, loss, reference, 'single').wrong)
          throw new Error(`The loss of ${data.count} rows on ${name} is ${loss}, not ${reference}.`);
        // A timing goes on from the present step: epochs begin on its way as they do in training.
        const { prepare: _, ...session } = await trainerSession({ ...options, ...way });
        const contestant = new Contestant(session);
        contestants.push(contestant);
        await contestant.warmUp(LONGER * timing);
      }
    }
    await takeTurns(contestants, rounds, async (contestant) => void (await contestant.time()));
    const operations = operationsOfStep(BATCH, [FEATURES, hidden, CLASSES]);
    return ways.map((_, i) => {
      const [many, few] = sets.map((_, set) => contestants[set * ways.length + i].spread.median);
      return [digits(BATCH / many), digits(BATCH / few), digits(operations / many / 1e6)];
    });
  } finally {
    for (const { session } of contestants) session.destroy();
  }
}

async function lossOf(options: TrainerOptions): Promise<number> {
  const trainer = await createTrainer(options);
  await trainer.train(CHECK_STEPS);
  const { loss } = await trainer.measure();
  trainer.destroy();
  return loss;
}

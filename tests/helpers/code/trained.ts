import {
  type AnyDataset,
  blobs,
  type Changes,
  chequerboard,
  circles,
  createTrainer,
  type Dataset,
  hills,
  type Measurement,
  moons,
  type RegressionMeasurement,
  spiral,
  split,
  type TrainerOptions,
  tiltedPlane,
  wave,
  xor,
} from '../../../src/index.ts';
import type { CodeRun, GeneratedData } from '../../../src/models/index.ts';
import { featureRows } from '../../../src/page/settings/features.ts';

const GENERATORS = {
  spiral,
  caseStudy: spiral,
  circles,
  moons,
  blobs,
  xor,
  chequerboard,
  plane: tiltedPlane,
  tiltedPlane,
  hills,
  wave,
};

/** What a run prints, as its trainer computes it in double precision on the CPU. */
export interface Printed {
  losses: [step: number, loss: number][];
  /** `training accuracy: 0.49` and what follows it. */
  ends: string[];
}

/** Trains a run; its rows are generated or given, or come beside it. */
export async function trained(run: CodeRun, rows = rowsOf(run)): Promise<Printed> {
  const { train, test } = rows;
  const options = { ...run.options, data: train, precision: 'double', backend: 'cpu' };
  const trainer = await createTrainer(options as TrainerOptions);
  const changes = new Map<number, Changes[]>();
  for (const { step, ...values } of run.changes ?? [])
    changes.set(step, [...(changes.get(step) ?? []), values]);
  const losses: Printed['losses'] = [];
  for (let step = 0; ; step++) {
    const more = step < run.steps || run.last;
    for (const values of (more && changes.get(step)) || []) trainer.set(values);
    const due = step < run.steps ? step % run.every === 0 : run.last;
    if (due) losses.push([step, (await trainer.measure()).loss]);
    if (step >= run.steps) break;
    await trainer.train(1);
  }
  const ends = [end('training', await trainer.measure())];
  if (test) {
    const tested = await trainer.measure(test as Dataset);
    ends.push(`test loss: ${tested.loss.toFixed(6)}`, end('test', tested));
  }
  trainer.destroy();
  return { losses, ends };
}

function end(what: string, measured: Measurement | RegressionMeasurement): string {
  return 'r2' in measured
    ? `${what} r2: ${measured.r2.toFixed(4)}`
    : `${what} accuracy: ${measured.accuracy.toFixed(2)}`;
}

function rowsOf({ data, options }: CodeRun): { train: AnyDataset; test: AnyDataset | undefined } {
  if (data === undefined) return { train: options.data as AnyDataset, test: undefined };
  if (!('generator' in data)) return { train: data as AnyDataset, test: undefined };
  const { generator, features, test, ...own } = data as GeneratedData;
  const points = GENERATORS[generator](own) as Dataset;
  const rows = features
    ? {
        ...points,
        inputs: featureRows(points.inputs, features),
        features: features.length,
        featureNames: features,
      }
    : points;
  return test ? split(rows, test.share, test.seed) : { train: rows, test: undefined };
}

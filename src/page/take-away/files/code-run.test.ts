import { describe, expect, it } from 'vitest';
import { expectPrinted } from '../../../../tests/helpers/code/compare.ts';
import { runModule } from '../../../../tests/helpers/code/module.ts';
import { trained } from '../../../../tests/helpers/code/trained.ts';
import {
  type AnyDataset,
  blobs,
  chequerboard,
  circles,
  hills,
  moons,
  spiral,
  split,
  tiltedPlane,
  wave,
  xor,
} from '../../../index.ts';
import { type CodeRun, exportCode } from '../../../models/index.ts';
import { digits } from '../../../tables/index.ts';
import type { ReaderReport } from '../../run/reader/protocol.ts';
import { Reader } from '../../run/reader/reader.ts';
import { loadPointKit, planeData } from '../../settings/plane-data.ts';
import { divide, rowData } from '../../settings/row-data.ts';
import {
  DEFAULTS,
  isSurface,
  type Settings,
  SHAPE_DEFAULTS,
  type Shape,
  turnAt,
} from '../../settings/settings.ts';
import { studyOf } from '../../settings/study.ts';
import type { RowSet } from '../../settings/study-data.ts';
import { codeRunOf } from './code-run.ts';

await loadPointKit();

const GENERATORS = { spiral, circles, moons, blobs, xor, chequerboard };
const SURFACES = { plane: tiltedPlane, hills, wave };

/** A run of settings at a step, with its turns. */
function runOf(changed: Partial<Settings>, step = 0, turns = [turnAt(0, { ...DEFAULTS, ...changed })]) {
  const settings = { ...DEFAULTS, ...changed };
  const data = planeData(settings);
  if (!data.train) throw new Error('There are no points.');
  const last = turns[turns.length - 1];
  const { step: _, ...present } = last;
  return codeRunOf({
    settings: { ...settings, ...present },
    data: { ...data, train: data.train },
    study: turns.length > 1 ? undefined : studyOf(settings),
    latest: { step, loss: 1, dataLoss: 1, l2Loss: 0, l1Loss: 0, accuracy: 0 },
    turns,
  });
}

describe('the run of a script', () => {
  it('of the notes prints what the notes print', () => {
    expect(runOf({}, 10_000)).toMatchObject({ steps: 10_000, every: 1000, last: false, changes: [] });
    expect(runOf({ hidden: [], stopStep: 200 })).toMatchObject({ steps: 200, every: 10, last: false });
  });

  it('goes as far as the run, and prints about ten losses and the last one', () => {
    expect(runOf({}, 1234)).toMatchObject({ steps: 1234, every: 200, last: true });
    expect(runOf({}, 3)).toMatchObject({ steps: 3, every: 1, last: true });
    expect(runOf({ stopStep: 0 })).toMatchObject({ steps: 1000, every: 100 });
  });

  it.each([...Object.keys(GENERATORS), ...Object.keys(SURFACES)] as Shape[])(
    'has the rows of the page: %s',
    (shape) => {
      const settings = { shape, ...SHAPE_DEFAULTS[shape], perClass: 40, dataSeed: 3, testShare: 0.3 };
      const { data } = runOf(settings);
      if (!data || !('generator' in data) || data.generator === 'digits')
        throw new Error('The points are not generated.');
      const { noise, seed, test, perClass, classes, count } = data;
      const made: AnyDataset = isSurface(shape)
        ? SURFACES[shape]({ noise, seed, count })
        : GENERATORS[shape as keyof typeof GENERATORS]({ noise, seed, perClass, classes });
      const parts = ({ share, seed }: { share: number; seed?: number }) =>
        'labels' in made ? split(made, share, seed) : split(made, share, seed);
      const rows = test && parts(test);
      const page = planeData({ ...DEFAULTS, ...settings });
      expect(rows?.train.inputs).toEqual(page.train?.inputs);
      expect(rows?.test?.inputs).toEqual(page.test?.inputs);
    },
  );

  it('contains the points that a person has changed', () => {
    const { data, options } = runOf({ edits: [{ kind: 'add', x: 0.5, y: 0.25, label: 1 }] });
    expect(data).toBeUndefined();
    expect(options.data?.count).toBe(301);
  });

  it('has the turns of the settings, and none of what no step depends on', () => {
    const first = { ...DEFAULTS, learningRate: 1 };
    const half: Settings = { ...first, learningRate: 0.5 };
    const second: Settings = { ...half, plan: 'layered' };
    const third: Settings = { ...second, learningRate: 0.25, l2: 0.5 };
    const turns = [turnAt(0, first), turnAt(20, half), turnAt(50, second), turnAt(100, third)];
    const run = runOf({}, 200, turns);
    expect(run.options.learningRate).toBe(1);
    expect(run.changes).toEqual([
      { step: 20, learningRate: 0.5 },
      { step: 100, learningRate: 0.25, l2: 0.5 },
    ]);
    for (const language of ['numpy', 'pytorch', 'spiralnet'] as const)
      expect(exportCode(run, language)).toMatch(/100[\s\S]*0\.25/);
  });

  it('has the inputs of the network', () => {
    expect(
      exportCode(runOf({ features: ['x', 'xy', 'sinx'], hidden: [4], initialization: 'he' }), 'numpy'),
    ).toMatch(/np\.sin\(np\.pi/);
  });
});

describe('the script of loaded rows', () => {
  it('trains on the digits as the page does', async () => {
    const rows = { key: 'digits', data: await digits(), images: { width: 8, height: 8 } };
    const settings: Settings = {
      ...DEFAULTS,
      shape: 'digits',
      testShare: 0.9,
      initialization: 'he',
      hidden: [],
    };
    await expectSame(settings, rows);
  });

  it.each([
    ['classes', 'kind', 'drop'],
    ['values', 'b', 'mean'],
  ] as const)('reads the file of a table for %s', async (task, label, missing) => {
    const [reports, letters] = [[] as ReaderReport[], ['x', 'y', 'z']];
    const records = Array.from({ length: 60 }, (_, i) =>
      [Math.sin(i), i % 7 === 2 ? '' : Math.cos(i * i), letters[i % 3], i % 2 ? 'a' : 'b'].join(';'),
    );
    const text = ['a;b;letter;kind', ...records].join('\r\n');
    const reader = new Reader((report) => reports.push(report));
    await reader.carryOut({ type: 'read', files: [new File([text], 'table.csv')] });
    const choice = { label, task, columns: [], missing };
    await reader.carryOut({ type: 'choose', number: 1, choice });
    await reader.carryOut({ type: 'take' });
    const [preview, taken] = [reports.find(({ type }) => type === 'preview'), reports[reports.length - 1]];
    if (preview?.type !== 'preview' || taken.type !== 'taken') throw new Error(JSON.stringify(reports));
    const table = { name: 'table.csv', sha256: preview.preview.sha256, ...choice };
    const own = { shape: 'table', table, testShare: 0.2, initialization: 'he', learningRate: 0.01 } as const;
    const settings: Settings = { ...DEFAULTS, ...own };
    const { data, reading } = taken;
    const files = { 'table.csv': new TextEncoder().encode(text) };
    await expectSame(
      { ...settings, hidden: [5] },
      { key: 'table', data, ...(reading && { reading }) },
      files,
    );
    const named = (name: string) => {
      const renamed = { ...settings, table: { ...table, name } };
      return codeRunOf(takenOf(renamed, { key: 'table', data, ...(reading && { reading }) })).data;
    };
    expect(named('table.csv')).toMatchObject({ file: 'table.csv', label });
    for (const name of ['pasted table', 'table.csv.gz']) expect(named(name)).toBeUndefined();
  });
});

function takenOf(settings: Settings, rows: RowSet): Parameters<typeof codeRunOf>[0] {
  const data = rowData(divide(rows, settings), undefined);
  if (!data.train) throw new Error('There are no rows.');
  return {
    settings,
    data: { ...data, train: data.train },
    study: undefined,
    latest: { step: 20, loss: 1, dataLoss: 1, l2Loss: 0, l1Loss: 0, accuracy: 0 },
    turns: [],
  };
}

/** Compares what the script of a run prints with the losses of a trainer on the page's rows. */
async function expectSame(settings: Settings, rows: RowSet, files: Record<string, Uint8Array> = {}) {
  const taken = takenOf({ ...settings, precision: 'double', backend: 'cpu' }, rows);
  const { options, ...run } = codeRunOf(taken);
  const own: CodeRun = { ...run, options: { ...options, backend: 'cpu' } as CodeRun['options'] };
  const { train, test } = taken.data;
  expectPrinted(
    await runModule(exportCode(own, 'spiralnet'), files),
    await trained(own, { train, test }),
    true,
  );
}

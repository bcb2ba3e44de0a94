import { describe, expect, it, vi } from 'vitest';
import { cases } from '../../../tests/helpers/tier.ts';
import { createTrainer, spiral } from '../../index.ts';
import { exportModel, importModel } from '../../models/index.ts';
import { resumptionOf, type TrainingFile } from '../settings/resumption.ts';
import { DEFAULTS, type Settings } from '../settings/settings.ts';
import type { Report } from './protocol.ts';
import { readTraining } from './reader/training-file.ts';
import { Runner } from './runner.ts';

const SETTINGS: Settings = {
  ...DEFAULTS,
  backend: 'cpu',
  perClass: 20,
  hidden: [6],
  initialization: 'he',
  learningRate: 0.02,
  stopStep: 0,
};

/** A runner, and what can be done with its run. */
function start() {
  const reports: Report[] = [];
  const runner = new Runner((report) => reports.push(report));
  const frame = () => reports.findLast((report) => report.type === 'frame');
  return {
    reports,
    frame,
    send: async (...commands: Parameters<Runner['handle']>[0][]) => {
      for (const command of commands) runner.handle(command);
      await runner.idle;
      return frame()?.frame.latest;
    },
    take: async (): Promise<Uint8Array<ArrayBuffer>> => {
      const taken = () => reports.filter((report) => report.type === 'taken');
      for (const format of [undefined, 'safetensors'] as const) {
        const before = taken().length;
        runner.handle({ type: 'take', ...(format && { format }) });
        await vi.waitUntil(() => taken().length > before, { timeout: 60_000 });
      }
      return taken().at(-1)?.taken.file ?? new Uint8Array();
    },
  };
}

async function read(bytes: Uint8Array<ArrayBuffer>): Promise<TrainingFile> {
  const read = await readTraining(new File([bytes], 'run.safetensors'));
  if ('kind' in read) throw new Error(JSON.stringify(read));
  return read;
}

/** A runner in which a run of a file goes on. */
async function resume(bytes: Uint8Array<ArrayBuffer>) {
  const found = resumptionOf(await read(bytes), DEFAULTS);
  if ('kind' in found) throw new Error(JSON.stringify(found));
  const own = start();
  await own.send({ type: 'open', run: 1, step: 0, ...found });
  return { ...own, found };
}

describe('a run that was taken away goes on bit for bit', () => {
  it.each(
    cases<[string, Partial<Settings>]>(
      [['Adam and mini-batches', { optimizer: 'adam', batchSize: 16, dropout: 0.2 }]],
      [
        ['momentum', { optimizer: 'momentum', schedule: 'cosine', cosineSteps: 90, warmup: 5 }],
        ['RMSProp in double precision', { optimizer: 'rmsprop', precision: 'double', testShare: 0.25 }],
        ['more rows in a batch than there are', { optimizer: 'adagrad', epsilon: 1e-10, batchSize: 100 }],
        ['a regression', { shape: 'wave', optimizer: 'nesterov', batchSize: 8 }],
      ],
    ),
  )(
    'with %s',
    async (_, part) => {
      const settings = { ...SETTINGS, ...part };
      const first = start();
      await first.send({ type: 'open', run: 1, settings, turns: [], step: 0 }, { type: 'step', steps: 40 });
      const bytes = await first.take();
      const { found, frame, send, take } = await resume(bytes);
      expect(found).toMatchObject({ settings, turns: [] });
      expect(frame()).toMatchObject({ fresh: true, status: 'paused', frame: { latest: { step: 40 } } });
      const [own, other] = [
        await first.send({ type: 'step', steps: 30 }),
        await send({ type: 'step', steps: 30 }),
      ];
      expect(own?.step).toBe(70);
      expect(other).toEqual(own);
      expect(await take()).toEqual(await first.take());
    },
    60_000,
  );
});

it('the turns of a run go with it, also one at its very step', async () => {
  const first = start();
  const [slower, steadier] = [
    { ...SETTINGS, learningRate: 0.005 },
    { ...SETTINGS, learningRate: 0.005, l2: 0.1 },
  ];
  await first.send(
    { type: 'open', run: 1, settings: SETTINGS, turns: [], step: 0 },
    { type: 'step', steps: 10 },
  );
  await first.send({ type: 'adjust', settings: slower }, { type: 'step', steps: 10 });
  await first.send({ type: 'adjust', settings: steadier });
  const { found, frame, send, take } = await resume(await first.take());
  expect(found.settings).toEqual(SETTINGS);
  expect(found.turns.map(({ step, learningRate, l2 }) => [step, learningRate, l2])).toEqual([
    [10, 0.005, 0.001],
    [20, 0.005, 0.1],
  ]);
  expect(frame()?.frame.turns.map(({ step }) => step)).toEqual([0, 10, 20]);
  expect(await send({ type: 'step', steps: 7 })).toEqual(await first.send({ type: 'step', steps: 7 }));
  expect(await take()).toEqual(await first.take());
  // A rewind goes to the very start, with the present settings.
  expect((await send({ type: 'rewind' }))?.step).toBe(0);
});

it('a program’s run goes on as well', async () => {
  const options = { data: spiral({ perClass: 20 }), hidden: [6], learningRate: 0.02, batchSize: 16 };
  await using trainer = await createTrainer({ ...options, optimizer: { name: 'adam' }, backend: 'cpu' });
  await trainer.train(25);
  const file = await read(await exportModel(trainer, 'safetensors'));
  const found = resumptionOf(file, { ...DEFAULTS, perClass: 20, backend: 'cpu' });
  if ('kind' in found) throw new Error(JSON.stringify(found));
  const { send } = start();
  await send({ type: 'open', run: 1, step: 0, ...found });
  await trainer.train(25);
  expect(await send({ type: 'step', steps: 25 })).toEqual(await trainer.measure());
});

describe('a file without a run is told', () => {
  const trained = async (options: object = {}) => {
    await using trainer = await createTrainer({
      data: spiral({ perClass: 4 }),
      learningRate: 1,
      backend: 'cpu',
      ...options,
    });
    await trainer.train(2);
    return await exportModel(trainer, 'safetensors');
  };
  const readBytes = (bytes: Uint8Array<ArrayBuffer>) => readTraining(new File([bytes], 'a'));

  it('by its kind', async () => {
    const model = await exportModel(await importModel(await trained()), 'safetensors');
    expect(await readBytes(model)).toEqual({ kind: 'untrained' });
    expect(await readBytes(await trained({ learningRate: (step: number) => 1 / (step + 1) }))).toEqual({
      kind: 'rate',
    });
    const whole = await trained({ hidden: [3], optimizer: { name: 'adam' } });
    expect(await readBytes(whole.slice(0, -4))).toMatchObject({
      kind: 'damaged',
      detail: expect.stringContaining('bytes'),
    });
    const text = new TextDecoder('latin1').decode(whole);
    const broken = Uint8Array.from(text.replace('"step":"2"', '"step":"x"'), (letter) =>
      letter.charCodeAt(0),
    );
    expect(await readBytes(broken)).toMatchObject({
      kind: 'damaged',
      detail: expect.stringContaining('step'),
    });
  });
});

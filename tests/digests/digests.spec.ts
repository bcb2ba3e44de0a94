import { afterAll, describe, expect, test } from 'vitest';
import { testDevice } from '../helpers/devices/gpu.ts';
import { cases } from './cases.ts';
import type { Digests } from './digest.ts';
import { adapterName, readRecords, writeRecords } from './records.ts';

/*
 * A change of the code keeps the bits of losses, parameters and answers. Only `npm run digests`
 * runs this file; `RECORD_DIGESTS=1 npm run digests` records the digests anew.
 */

const record = Boolean(process.env.RECORD_DIGESTS);
const records = readRecords();
const device = await testDevice();
const adapter = adapterName(device);
records.adapters[adapter] ??= {};
const onAdapter = records.adapters[adapter];
const known = Object.keys(onAdapter).length > 0;

const BACKENDS = [
  { backend: 'cpu', title: 'CPU', recorded: records.cpu, again: false },
  {
    backend: 'webgpu',
    title: known || record ? adapter : `${adapter}, of which nothing is recorded: run against run`,
    recorded: onAdapter,
    again: !known && !record,
  },
] as const;

for (const { backend, title, recorded, again } of BACKENDS) {
  describe(title, () => {
    const here = cases.filter((each) => each.backend === backend);

    for (const { name, digests } of here) {
      test(name, async () => {
        const found = await digests(device);
        if (record) recorded[name] = found;
        // A digest that is not recorded, such as that of a new tensor of `inspect`, is new and does
        // not count.
        expect(found).toMatchObject(again ? await digests(device) : present(recorded[name]));
      });
    }

    test('every recorded case still exists', () => {
      const names = here.map(({ name }) => name);
      const gone = Object.keys(recorded).filter((name) => !names.includes(name));
      if (record) for (const name of gone) delete recorded[name];
      else expect(gone).toEqual([]);
    });
  });
}

function present(digests: Digests | undefined): Digests {
  if (!digests) throw new Error('Nothing is recorded of this case: RECORD_DIGESTS=1 npm run digests');
  return digests;
}

afterAll(() => {
  if (record) writeRecords(records);
});

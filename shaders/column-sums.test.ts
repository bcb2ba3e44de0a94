import fc from 'fast-check';
import { beforeAll, describe } from 'vitest';
import { columnSums as oracle } from '../src/cpu/reductions.ts';
import { complete } from '../src/cpu/time-slices.ts';
import { RealFormat } from '../src/gpu/memory/real-format.ts';
import { NOT_DIVERGED } from '../src/gpu/network/parameters.ts';
import type { FloatArray } from '../src/types.ts';
import { testDevice } from '../tests/helpers/devices/gpu.ts';
import { runKernel, type Tensors } from '../tests/helpers/kernels/kernels.ts';
import {
  expectUpdated,
  MILD,
  momentsOf,
  RULES,
  stepWords,
  TERMS,
  type Terms,
  updateOf,
  updateSettings,
} from '../tests/helpers/kernels/updates.ts';
import { EPSILON, expectClose } from '../tests/helpers/oracle/compare.ts';
import { type Contents, contents, fill, of, PRECISIONS, property, sizes } from '../tests/helpers/property.ts';
import { columnSums, ROWS_PER_STRIP } from './column-sums.wgsl.ts';
import type { UpdateRule } from './lib/moments.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});

interface UpdateCase {
  rows: number;
  columns: number;
  rule: UpdateRule;
  terms: Terms;
  values: Contents;
  state: Contents;
}

interface Case {
  rows: number;
  columns: number;
  values: Contents;
}

describe.each(PRECISIONS)('column sums in %s precision', (precision) => {
  property<Case>(
    'are, for each strip of rows, the float64 sums',
    fc.record({ rows: sizes(1100), columns: sizes(70), values: contents() }),
    [
      { rows: 1, columns: 1, values: of('normal') },
      { rows: 1, columns: 100, values: of('normal') },
      { rows: 300, columns: 3, values: of('zero in even columns') },
      { rows: 9, columns: 65, values: of('zero') },
      { rows: 2 * ROWS_PER_STRIP + 3, columns: 1, values: of('plus or minus 1e4') },
    ],
    async ({ rows, columns, ...contents }) => {
      const values = fill(precision, contents.values, rows, columns);
      const strips = Math.ceil(rows / ROWS_PER_STRIP);
      const sums: FloatArray = new Float64Array(strips * columns).fill(Number.NaN);
      const result = await runKernel(device, (arithmetic) => columnSums({}, arithmetic), {
        tensors: { values, sums },
        uniform: [rows, columns],
        extent: { x: columns, y: strips },
        precision,
      });
      for (let strip = 0; strip < strips; strip++) {
        const part = values.subarray(
          strip * ROWS_PER_STRIP * columns,
          (strip + 1) * ROWS_PER_STRIP * columns,
        );
        const terms = part.length / columns;
        const [expected, sizes] = [new Float64Array(columns), new Float64Array(columns)];
        complete(oracle(Float64Array.from(part), expected, terms));
        complete(oracle(Float64Array.from(part, Math.abs), sizes, terms));
        // Each of four sums takes a quarter of the terms and up to three more; two additions join
        // the four sums.
        const tolerance = (i: number) => (terms / 4 + 5) * EPSILON[precision] * sizes[i];
        const own = result.sums.subarray(strip * columns, (strip + 1) * columns);
        expectClose(own, expected, tolerance, `sums of strip ${strip}`);
      }
    },
  );

  const example = { rows: 9, columns: 65, values: of('normal'), state: of('normal') };
  property<UpdateCase>(
    'an update at the end is the float64 one from the float64 sums',
    fc.record({
      rows: sizes(ROWS_PER_STRIP),
      columns: sizes(70),
      rule: fc.constantFrom(...RULES),
      terms: fc.constantFrom(...TERMS),
      values: contents(),
      state: contents(),
    }),
    RULES.flatMap((rule, i) => [
      { ...example, rule, terms: TERMS[i % 4] },
      { ...example, rule, terms: TERMS[(i + 1) % 4], rows: ROWS_PER_STRIP, columns: 1 },
      { ...example, rule, terms: TERMS[(i + 2) % 4], values: of('zero') },
    ]),
    async ({ rows, columns, rule, terms, ...contents }) => {
      const format = new RealFormat(precision);
      const settings = updateSettings(precision, rule, { ...MILD, ...terms });
      const values = fill(precision, contents.values, rows, columns);
      const parameters = fill(precision, contents.state, 1, columns);
      const moment = fill(precision, { ...contents.state, seed: contents.state.seed + 1 }, 1, columns);
      const moments = momentsOf(rule, moment);
      const names = moments.map((_, m) => `moment ${m}`);
      const tensors: Tensors & { parameters: FloatArray; diverged: Uint32Array } = {
        values,
        parameters,
        ...Object.fromEntries(names.map((name, m) => [name, moments[m]])),
        diverged: Uint32Array.of(NOT_DIVERGED),
      };
      const result = await runKernel(
        device,
        (arithmetic) => columnSums({ update: updateOf(settings) }, arithmetic),
        {
          tensors,
          uniform: [1, rows, columns],
          extent: { x: columns },
          step: stepWords(format, settings),
          precision,
        },
      );
      const [gradient, sizes] = [new Float64Array(columns), new Float64Array(columns)];
      complete(oracle(Float64Array.from(values), gradient, rows));
      complete(oracle(Float64Array.from(values, Math.abs), sizes, rows));
      const actual = { ...result, moments: names.map((name) => result[name] as FloatArray) };
      const gradientError = (i: number) => (rows / 4 + 5) * EPSILON[precision] * sizes[i];
      expectUpdated(actual, precision, settings, { parameters, moments }, gradient, gradientError);
    },
  );
});

import { expect, test } from 'vitest';
import type { Entrant } from './contestants/entrant.ts';
import { plainLoops } from './contestants/plain.ts';
import { type SuiteOptions, select } from './suite.ts';

const OTHER: Entrant = { ...plainLoops, name: 'other' };

function names(options: SuiteOptions) {
  const { workloads, contestants, kernels } = select([plainLoops, OTHER], options);
  return {
    workloads: workloads.map(({ name }) => name),
    contestants: contestants.map(({ name }) => name),
    kernels,
  };
}

test('everything runs by default', () => {
  const { workloads, contestants, kernels } = names({});
  expect(workloads).toEqual(expect.arrayContaining(['case-study', 'hidden-1024', 'batch-96']));
  expect([contestants, kernels]).toEqual([['plain loops', 'other'], true]);
});

test('quick leaves sweeps and kernels out, unless they are named', () => {
  expect(names({ quick: true })).toMatchObject({
    workloads: ['case-study', '784-256-10', '784-512-512-10'],
    kernels: false,
  });
  expect(names({ quick: true, only: ['hidden-8', 'kernels'] })).toMatchObject({
    workloads: ['hidden-8'],
    kernels: true,
  });
});

test('a sweep is named as a whole or by its members', () => {
  expect(names({ only: ['batch'] }).workloads).toEqual(['batch-96', 'batch-384', 'batch-1536', 'batch-6144']);
  expect(names({ only: ['batch-384'] })).toMatchObject({ workloads: ['batch-384'], kernels: false });
});

test('kernels run alone, and contestants are chosen by a pattern', () => {
  expect(names({ only: ['kernels'], contestants: 'ot' })).toEqual({
    workloads: [],
    contestants: ['other'],
    kernels: true,
  });
});

test('what is no part of a usual run runs only if it is named', () => {
  expect(select([], { only: ['activations', 'cpu-products', 'large-data'] })).toMatchObject({
    workloads: [],
    kernels: false,
    activations: true,
    cpuProducts: true,
    largeData: true,
  });
  expect(select([plainLoops], {})).toMatchObject({
    activations: false,
    cpuProducts: false,
    largeData: false,
  });
});

test('products of a network run alone', () => {
  const options = { products: ['300x2-100-3'] };
  expect(names(options)).toMatchObject({ workloads: [], kernels: false });
  expect(select([], options).products).toEqual([{ rows: 300, sizes: [2, 100, 3] }]);
  expect(() => select([], { products: ['2-100-3'] })).toThrow('2-100-3 is no network');
});

test('an unknown name is an error that lists the names', () => {
  expect(() => names({ only: ['hiden'] })).toThrow(
    /no workload hiden, but there are case-study,.* hidden,.* kernels/,
  );
  expect(() => names({ contestants: 'x' })).toThrow(
    'No contestant matches /x/. There are plain loops, other.',
  );
});

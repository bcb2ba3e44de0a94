import type { Measured } from '../../settings/network.ts';

type Figures = Pick<Measured, 'step' | 'loss' | 'accuracy' | 'r2'>;

interface Curves {
  points: readonly Figures[];
  testPoints: readonly Figures[];
}

/**
 * The curves as lines of plain numbers with all their digits, under a line of names. Where a step has
 * no measurement of the test points, its cells are empty.
 */
export function curveTable({ points, testPoints }: Curves, separator: ',' | '\t'): string {
  const score = points[0]?.r2 === undefined ? 'accuracy' : 'r2';
  const names = ['loss', score];
  const tests = new Map(testPoints.map((point) => [point.step, point]));
  const heads = ['step', ...names, ...(tests.size > 0 ? names.map((name) => `test ${name}`) : [])];
  const lines = points.map((point) => [
    point.step,
    ...figuresOf(point),
    ...(tests.size > 0 ? figuresOf(tests.get(point.step)) : []),
  ]);
  return `${[heads, ...lines].map((line) => line.join(separator)).join('\n')}\n`;
}

const figuresOf = (point: Figures | undefined): (number | string)[] =>
  point ? [point.loss, point.r2 ?? point.accuracy ?? ''] : ['', ''];

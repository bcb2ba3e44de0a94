import { describe, expect, it } from 'vitest';
import { curveTable } from './curve-table.ts';

describe('the table of the curves', () => {
  it('has every digit of every point', () => {
    const points = [
      { step: 0, loss: Math.LN2 + Math.LN2 / 3, accuracy: 1 / 3 },
      { step: 10_000, loss: 1e-7, accuracy: 1 },
    ];
    const text = curveTable({ points, testPoints: [] }, ',');
    const [heads, ...lines] = text.trimEnd().split('\n');
    expect(heads).toBe('step,loss,accuracy');
    const read = lines.map((line) => line.split(',').map(Number));
    expect(read.map(([step, loss, accuracy]) => ({ step, loss, accuracy }))).toEqual(points);
  });

  it('has the test points beside those of the same step', () => {
    const points = [0, 1, 2].map((step) => ({ step, loss: 1 / (step + 1), accuracy: step / 2 }));
    const testPoints = [{ step: 1, loss: 0.75, accuracy: 0.25 }];
    expect(curveTable({ points, testPoints }, '\t')).toBe(
      'step\tloss\taccuracy\ttest loss\ttest accuracy\n0\t1\t0\t\t\n1\t0.5\t0.5\t0.75\t0.25\n2\t0.3333333333333333\t1\t\t\n',
    );
  });

  it('has r² of a regression', () => {
    const point = { step: 5, loss: 0.5, r2: -0.25 };
    expect(curveTable({ points: [point], testPoints: [point] }, ',')).toBe(
      'step,loss,r2,test loss,test r2\n5,0.5,-0.25,0.5,-0.25\n',
    );
  });
});

import { expect, it } from 'vitest';
import { Rate } from './rate.ts';

it('a measurement that comes after a later step does not turn the rate round', () => {
  const rate = new Rate();
  rate.add(0, 10);
  rate.add(100, 20);
  rate.add(2000, 5);
  expect(rate.perSecond).toBe(100);
  rate.add(2100, 30);
  expect(rate.perSecond).toBeCloseTo(5, 5);
});

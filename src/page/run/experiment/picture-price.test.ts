import { describe, expect, it } from 'vitest';
import { PicturePrice } from './picture-price.ts';

interface Machine {
  /** Steps a millisecond beside pictures. */
  speed: number;
  /** Milliseconds without steps after a picture, and after a look inside besides. */
  picture: number;
  look?: number;
  /** Steps between two measurements. */
  every?: number;
  /** A factor of the speed in each gap. */
  noise?: (gap: number) => number;
}

/** Trains on a simulated machine. @returns the share of the speed that is left, and the gaps */
function train(price: PicturePrice, machine: Machine, { pictures = 200, least = 100 } = {}) {
  const { speed, picture, look = 0, every = 1, noise = () => 1 } = machine;
  let [time, step, owed, looked] = [0, 0, 0, false];
  const gaps: number[] = [];
  price.begin();
  for (let i = 0; i < pictures; i++) {
    price.mark(time, step, looked);
    looked = i % 3 === 0;
    owed += picture + (looked ? look : 0);
    const gap = price.gap(least);
    const start = time;
    while (time - start < gap) {
      const pause = Math.min(owed, 5);
      owed -= pause;
      time += pause + every / (speed * noise(i));
      step += every;
    }
    gaps.push(time - start);
  }
  const late = gaps.slice(pictures >> 1);
  return { share: step / time / speed, gaps, interval: late.reduce((a, b) => a + b) / late.length };
}

describe('pictures', () => {
  it('that cost nothing come at their interval', () => {
    const { share, interval } = train(new PicturePrice(0.12), { speed: 5, picture: 0 });
    expect(share).toBeGreaterThan(0.99);
    expect(interval).toBeCloseTo(100, -1);
  });

  it.each([5, 20, 60, 80])('of %i ms take their share of training', (picture) => {
    const { gaps, interval } = train(new PicturePrice(0.12), { speed: 5, picture });
    // Five pauses of a picture may overlap with the steps of a gap by one step each.
    expect(picture / interval).toBeLessThan(0.14);
    expect(picture / interval).toBeGreaterThan(Math.min(0.9 * 0.12, (0.9 * picture) / 100));
    expect(Math.max(...gaps)).toBeLessThan(900);
  });

  it('are not rarer for steps that become faster', () => {
    const price = new PicturePrice(0.12);
    const noise = (gap: number) => Math.min(1, 0.2 + gap / 25);
    const { gaps } = train(price, { speed: 5, picture: 10, noise }, { pictures: 60 });
    expect(Math.max(...gaps)).toBeLessThan(350);
  });

  it('may be noisy', () => {
    let state = 7;
    // A linear congruential generator: half of the gaps lose up to 40 % of their steps.
    const noise = () => {
      state = (state * 1103515245 + 12345) % 2 ** 31;
      return 1 - 0.4 * Math.max(0, state / 2 ** 30 - 1);
    };
    const { interval } = train(new PicturePrice(0.12), { speed: 5, picture: 30, noise });
    expect(interval).toBeGreaterThan(100);
    expect(interval).toBeLessThan(1000);
  });

  it('become rarer within ten of them', () => {
    const { gaps } = train(new PicturePrice(0.12), { speed: 5, picture: 60 });
    expect(Math.max(...gaps.slice(0, 14))).toBeGreaterThan(400);
  });

  it('come at their interval again when they have become cheap', () => {
    const price = new PicturePrice(0.12);
    train(price, { speed: 5, picture: 60 });
    expect(train(price, { speed: 5, picture: 0 }).interval).toBeLessThan(150);
  });

  it('of slow steps come after one or two of them', () => {
    const { interval } = train(new PicturePrice(0.12), { speed: 1 / 400, picture: 1 });
    expect(interval).toBeLessThan(800);
  });
});

it('a look inside has a price of its own', () => {
  const price = new PicturePrice(0.12);
  expect(price.look).toBe(0);
  train(price, { speed: 5, picture: 10, look: 40 });
  expect(price.look).toBeGreaterThan(30);
  expect(price.look).toBeLessThan(50);
});

it('the time between two trainings does not count', () => {
  const price = new PicturePrice(0.12);
  train(price, { speed: 5, picture: 20 });
  const before = price.gap(100);
  for (const time of [1e9, 2e9]) {
    price.begin();
    price.mark(time, 5, false);
  }
  expect(price.gap(100)).toBe(before);
});

import { expect, test } from 'vitest';
import { repeatFor } from './repeat.ts';

/** Something that takes so many milliseconds each time, and what it was asked for. */
function work(each: number, held: (run: number) => number = () => 0) {
  const asked: number[] = [];
  const run = async (times: number) => {
    asked.push(times);
    return times * each + held(asked.length);
  };
  return { asked, run };
}

test('something short is done so often that it takes long enough, and not much longer', async () => {
  const { asked, run } = work(0.01);
  const { times, milliseconds } = await repeatFor(20, run);
  expect(milliseconds).toBe(times * 0.01);
  expect(milliseconds).toBeGreaterThanOrEqual(20);
  expect(milliseconds).toBeLessThan(30);
  expect(asked.length).toBeLessThan(10);
});

test('something long is done once, and again to see that it takes so long', async () => {
  const { asked, run } = work(50);
  expect(await repeatFor(20, run)).toEqual({ times: 1, milliseconds: 50 });
  expect(asked).toEqual([1, 1]);
});

test('a hiccup does not make something long', async () => {
  const { run } = work(1, (at) => (at === 2 ? 1000 : 0));
  const { times, milliseconds } = await repeatFor(20, run);
  expect([times >= 20, milliseconds]).toEqual([true, times]);
});

test('what takes no time at all is done no more often than is allowed', async () => {
  const { asked, run } = work(0);
  expect(await repeatFor(20, run, { most: 100 })).toEqual({ times: 100, milliseconds: 0 });
  expect(asked).toEqual([1, 8, 64, 100]);
  expect((await repeatFor(20, work(0).run)).times).toBe(2 ** 20);
});

test('what its budget has been spent on is not done again', async () => {
  const { asked, run } = work(1);
  expect(await repeatFor(20, run, { budget: 0 })).toEqual({ times: 1, milliseconds: 1 });
  expect(asked).toEqual([1]);
});

import { expect, test } from 'vitest';
import { repeatFor } from './repeat.ts';

/** Work of `each` milliseconds a repetition, with the numbers of repetitions requested. */
function work(each: number, held: (run: number) => number = () => 0) {
  const asked: number[] = [];
  const run = async (times: number) => {
    asked.push(times);
    return times * each + held(asked.length);
  };
  return { asked, run };
}

test('short work is repeated until it takes long enough, and not much longer', async () => {
  const { asked, run } = work(0.01);
  const { times, milliseconds } = await repeatFor(20, run);
  expect(milliseconds).toBe(times * 0.01);
  expect(milliseconds).toBeGreaterThanOrEqual(20);
  expect(milliseconds).toBeLessThan(30);
  expect(asked.length).toBeLessThan(10);
});

test('long work is done once, and again to confirm its time', async () => {
  const { asked, run } = work(50);
  expect(await repeatFor(20, run)).toEqual({ times: 1, milliseconds: 50 });
  expect(asked).toEqual([1, 1]);
});

test('one delayed run does not count as long work', async () => {
  const { run } = work(1, (at) => (at === 2 ? 1000 : 0));
  const { times, milliseconds } = await repeatFor(20, run);
  expect([times >= 20, milliseconds]).toEqual([true, times]);
});

test('work that takes no time is repeated at most as often as the limit allows', async () => {
  const { asked, run } = work(0);
  expect(await repeatFor(20, run, { most: 100 })).toEqual({ times: 100, milliseconds: 0 });
  expect(asked).toEqual([1, 8, 64, 100]);
  expect((await repeatFor(20, work(0).run)).times).toBe(2 ** 20);
});

test('work is not repeated after its budget is spent', async () => {
  const { asked, run } = work(1);
  expect(await repeatFor(20, run, { budget: 0 })).toEqual({ times: 1, milliseconds: 1 });
  expect(asked).toEqual([1]);
});

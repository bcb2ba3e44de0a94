import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TestRandom } from '../../tests/helpers/random.ts';
import type { Engine, EngineState } from '../engine.ts';
import { resolveOptions } from '../options/trainer.ts';
import { Snapshots } from './snapshots.ts';

const setupOf = (hidden: number[]) => {
  const data = new TestRandom(1).dataset(5, 2, 2);
  return resolveOptions({ data, hidden, learningRate: 1, optimizer: { name: 'adam' } }).setup;
};

/** The part of an engine that snapshots use. */
function fakeEngine() {
  const engine = {
    step: 0,
    asked: 0,
    failing: false,
    async state(): Promise<EngineState> {
      engine.asked++;
      if (engine.failing) throw new Error('lost');
      return { step: engine.step, parameters: [], moments: [] };
    },
  };
  return { engine, of: () => engine as unknown as Engine };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('snapshots', () => {
  test('begin with the starting parameters and moments of 0', () => {
    const setup = setupOf([3]);
    const { state, seed } = new Snapshots(setup).latest;
    expect([state.step, seed]).toEqual([0, 0]);
    expect(state.parameters).toEqual(setup.start());
    expect(state.moments.map((layers) => layers.map(({ weights }) => Array.from(weights)))).toEqual([
      [Array(6).fill(0), Array(6).fill(0)],
      [Array(6).fill(0), Array(6).fill(0)],
    ]);
  });

  test('are not taken if the interval is longer than any timer', async () => {
    const snapshots = new Snapshots(setupOf([3]), 1e300);
    const { engine, of } = fakeEngine();
    snapshots.begin(of);
    await vi.advanceTimersByTimeAsync(2 ** 32);
    expect(engine.asked).toBe(0);
  });

  test('are taken once an interval during a run, and never without a run', async () => {
    const snapshots = new Snapshots(setupOf([3]));
    const { engine, of } = fakeEngine();
    const end = snapshots.begin(of);
    await vi.advanceTimersByTimeAsync(999);
    expect(engine.asked).toBe(0);
    engine.step = 70;
    await vi.advanceTimersByTimeAsync(9001);
    expect(engine.asked).toBe(10);
    expect(snapshots.latest.state.step).toBe(70);
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(engine.asked).toBe(10);
    // A snapshot is due at the start of the next run, however short the run is.
    snapshots.begin(of)();
    expect(engine.asked).toBe(11);
    snapshots.begin(of)();
    expect(engine.asked).toBe(11);
  });

  test('of large networks take less than 2 % of the time', async () => {
    const snapshots = new Snapshots(setupOf([1e6]));
    const { engine, of } = fakeEngine();
    const end = snapshots.begin(of);
    await vi.advanceTimersByTimeAsync(20_000);
    end();
    // A snapshot has 15 million numbers, and each number takes some nanoseconds.
    expect(engine.asked).toBeGreaterThan(0);
    expect(engine.asked).toBeLessThan(5);
  });

  test('that fail or end after a restore change nothing', async () => {
    const snapshots = new Snapshots(setupOf([3]), 10);
    const { engine, of } = fakeEngine();
    const end = snapshots.begin(of);
    engine.step = 5;
    await vi.advanceTimersByTimeAsync(10);
    engine.failing = true;
    engine.step = 9;
    await vi.advanceTimersByTimeAsync(10);
    expect(snapshots.latest.state.step).toBe(5);
    engine.failing = false;
    vi.advanceTimersByTime(10);
    snapshots.restore({ state: { step: 2, parameters: [], moments: [] }, seed: 4 });
    await vi.advanceTimersByTimeAsync(0);
    expect(snapshots.latest).toMatchObject({ state: { step: 2 }, seed: 4 });
    end();
  });
});

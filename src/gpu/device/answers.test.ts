import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Answers } from './answers.ts';
import { destroyDevice } from './guard.ts';

/**
 * A device and the moments of its submissions. It answers when the test says so and, if it is like
 * Firefox's, at each submission.
 */
function device({ firefox }: { firefox: boolean }) {
  const submissions: number[] = [];
  const waiting: (() => void)[] = [];
  const answer = async () => {
    for (const tell of waiting.splice(0)) tell();
    await Promise.resolve();
  };
  const queue = {
    submit: () => {
      submissions.push(now);
      if (firefox) void answer();
    },
    onSubmittedWorkDone: () => new Promise<void>((resolve) => void waiting.push(resolve)),
  };
  const gpu = { queue, destroy: () => {}, lost: new Promise(() => {}) } as object as GPUDevice;
  return { device: gpu, submissions, answer };
}

let now = 0;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function pass(milliseconds: number): Promise<void> {
  for (let i = 0; i < milliseconds; i++) {
    now++;
    await vi.advanceTimersByTimeAsync(1);
  }
}

const NEVER = new Promise(() => {});

test('reminders come every millisecond at first, and seldom in a long wait', async () => {
  const { device: gpu, submissions } = device({ firefox: true });
  void new Answers(gpu, () => now).wait(NEVER);
  await pass(10_000);
  // The device is taken for a late one after 30 ms without an answer.
  expect(submissions[0]).toBe(30);
  const pauses = submissions.slice(1).map((time, i) => time - submissions[i]);
  expect(pauses[0]).toBeLessThanOrEqual(2);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(51);
  for (const [i, pause] of pauses.entries()) expect(pause).toBeLessThanOrEqual(1 + submissions[i + 1] / 8);
  expect(submissions.length).toBeLessThan(350);
});

test('a wait after an answer has frequent reminders again', async () => {
  const { device: gpu, submissions } = device({ firefox: true });
  const answers = new Answers(gpu, () => now);
  let tell = () => {};
  const first = answers.wait(new Promise<void>((resolve) => (tell = resolve)));
  await pass(5000);
  tell();
  await first;
  const before = submissions.length;
  void answers.wait(NEVER);
  await pass(10);
  expect(submissions.length - before).toBeGreaterThanOrEqual(9);
});

test('a device that answers twice in a row at once is never reminded', async () => {
  const { device: gpu, submissions, answer } = device({ firefox: false });
  const answers = new Answers(gpu, () => now);
  await answer();
  await answer();
  void answers.wait(NEVER);
  await pass(1000);
  expect(submissions).toEqual([]);
});

test('a first answer that a busy thread has heard late does not count for good', async () => {
  const { device: gpu, submissions, answer } = device({ firefox: false });
  const answers = new Answers(gpu, () => now);
  now = 500;
  await answer();
  // After a wait the idle device is measured again.
  await answers.wait(Promise.resolve());
  await answer();
  await answer();
  void answers.wait(NEVER);
  await pass(1000);
  expect(submissions).toEqual([]);
});

test('an early answer by chance does not make a late device prompt', async () => {
  const { device: gpu, submissions, answer } = device({ firefox: true });
  const answers = new Answers(gpu, () => now);
  now = 10;
  await answer();
  now = 110;
  await answer();
  void answers.wait(NEVER);
  await pass(50);
  expect(submissions.length).toBeGreaterThanOrEqual(9);
});

test('a lost device is not reminded', async () => {
  const { device: gpu, submissions } = device({ firefox: true });
  void new Answers(gpu, () => now).wait(NEVER);
  await pass(50);
  const before = submissions.length;
  destroyDevice(gpu);
  await pass(1000);
  expect(submissions).toHaveLength(before);
  expect(vi.getTimerCount()).toBe(0);
});

test('the timer of a reminder does not keep the program alive', () => {
  vi.useRealTimers();
  const set = vi.spyOn(globalThis, 'setTimeout');
  const { device: gpu } = device({ firefox: true });
  void new Answers(gpu, () => now).wait(NEVER);
  destroyDevice(gpu);
  expect(set.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  set.mockRestore();
});

test('on a late device, work ended between the look before the last and its answer', async () => {
  const { device: gpu } = device({ firefox: true });
  const answers = new Answers(gpu, () => now);
  void answers.wait(NEVER);
  await pass(100);
  const start = now;
  answers.submit([]);
  await pass(20);
  const { least, most } = answers.ended(start);
  expect(most).toBe(20);
  expect(least).toBeGreaterThan(0);
  expect(least).toBeLessThan(20);
  // The next work may have begun when the first had ended.
  await pass(1);
  const next = answers.ended(start);
  expect(next.least).toBeLessThanOrEqual(1);
  expect(next.most).toBe(21 - least);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Answers } from './answers.ts';
import { destroyDevice } from './guard.ts';

/** A device whose answers the test gives, and the moments of its submissions. */
function device() {
  const submissions: number[] = [];
  let answers: (() => void)[] = [];
  const queue = {
    submit: () => void submissions.push(now),
    onSubmittedWorkDone: () => new Promise<void>((resolve) => void answers.push(resolve)),
  };
  const answer = async () => {
    for (const tell of answers.splice(0)) tell();
    await Promise.resolve();
  };
  const gpu = { queue, destroy: () => {}, lost: new Promise(() => {}) } as object as GPUDevice;
  return { device: gpu, submissions, answer, forget: () => (answers = []) };
}

let now = 0;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(milliseconds: number): void {
  for (let i = 0; i < milliseconds; i++) {
    now++;
    vi.advanceTimersByTime(1);
  }
}

const NEVER = new Promise(() => {});

test('reminders come every millisecond at first, and seldom in a long wait', () => {
  const { device: gpu, submissions } = device();
  void new Answers(gpu, () => now).wait(NEVER);
  pass(10_000);
  // The device is taken for a late one after 30 ms without an answer.
  expect(submissions[0]).toBe(30);
  const pauses = submissions.slice(1).map((time, i) => time - submissions[i]);
  expect(pauses[0]).toBeLessThanOrEqual(2);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(51);
  for (const [i, pause] of pauses.entries()) expect(pause).toBeLessThanOrEqual(1 + submissions[i + 1] / 8);
  expect(submissions.length).toBeLessThan(350);
});

test('a wait after an answer has frequent reminders again', async () => {
  const { device: gpu, submissions } = device();
  const answers = new Answers(gpu, () => now);
  let tell = () => {};
  const first = answers.wait(new Promise<void>((resolve) => (tell = resolve)));
  pass(5000);
  tell();
  await first;
  const before = submissions.length;
  void answers.wait(NEVER);
  pass(10);
  expect(submissions.length - before).toBeGreaterThanOrEqual(9);
});

test('a device that answers twice in a row at once is never reminded', async () => {
  const { device: gpu, submissions, answer } = device();
  const answers = new Answers(gpu, () => now);
  await answer();
  await answer();
  void answers.wait(NEVER);
  pass(1000);
  expect(submissions).toEqual([]);
});

test('a first answer that a busy thread has heard late does not count for good', async () => {
  const { device: gpu, submissions, answer } = device();
  const answers = new Answers(gpu, () => now);
  now = 500;
  await answer();
  // After a wait the idle device is measured again.
  await answers.wait(Promise.resolve());
  await answer();
  await answer();
  void answers.wait(NEVER);
  pass(1000);
  expect(submissions).toEqual([]);
});

test('an early answer by chance does not make a late device prompt', async () => {
  const { device: gpu, submissions, answer } = device();
  const answers = new Answers(gpu, () => now);
  now = 10;
  await answer();
  now = 110;
  await answer();
  void answers.wait(NEVER);
  pass(10);
  expect(submissions.length).toBeGreaterThanOrEqual(9);
});

test('a lost device is not reminded', () => {
  const { device: gpu, submissions } = device();
  void new Answers(gpu, () => now).wait(NEVER);
  pass(50);
  const before = submissions.length;
  destroyDevice(gpu);
  pass(1000);
  expect(submissions).toHaveLength(before);
  expect(vi.getTimerCount()).toBe(0);
});

test('the timer of a reminder does not keep the program alive', () => {
  vi.useRealTimers();
  const set = vi.spyOn(globalThis, 'setTimeout');
  void new Answers(device().device, () => now).wait(NEVER);
  expect(set.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  set.mockRestore();
});

test('on a late device, work ended between the look before the last and its answer', async () => {
  const { device: gpu } = device();
  const answers = new Answers(gpu, () => now);
  const work = answers.wait(NEVER);
  void work;
  pass(100);
  const start = now;
  answers.look();
  pass(20);
  const { least, most } = answers.ended(start);
  expect(most).toBe(20);
  expect(least).toBeGreaterThan(0);
  expect(least).toBeLessThan(20);
  // The next work may have begun when the first had ended.
  pass(1);
  const next = answers.ended(start);
  expect(next.least).toBeLessThanOrEqual(1);
  expect(next.most).toBe(21 - least);
});

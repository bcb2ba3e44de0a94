import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';
import { parseLink } from './link.ts';
import { loadPointKit, planeData } from './plane-data.ts';
import { isAccepted, workOf } from './work.ts';

await loadPointKit();

function workOfLink(text: string) {
  const { settings, step } = parseLink(text);
  return workOf(settings, planeData(settings), step);
}

describe('the work of opening a link', () => {
  it.each([
    '',
    'v=1&at=1000',
    'v=1&hidden=100&at=10000',
    'v=1&hidden=16&init=he&at=150',
    'v=1&hidden=64-64&points=200&at=2000',
    'v=1&hidden=100&precision=double&at=10000',
  ])('is accepted: %s', (link) => {
    expect(isAccepted(workOfLink(link))).toBe(true);
  });

  it.each([
    'v=1&hidden=1024-1024-1024-1024-1024-1024&points=2000&at=1e12',
    'v=1&at=1e12',
    'v=1&hidden=1024-1024-1024-1024-1024-1024&points=2000&classes=6&batch=0&at=1',
    'v=1&hidden=1024-1024-1024-1024-1024-1024&points=2000&classes=6',
    'v=1&hidden=512-512&points=1000&at=1000',
    'v=1&hidden=8&batch=1&at=1e9',
  ])('has to be asked for: %s', (link) => {
    expect(isAccepted(workOfLink(link))).toBe(false);
  });

  it('is that of many passes, each over the points and over the nodes of the pictures', () => {
    // 16 hidden units have 2 · 16 + 16 · 3 weights. A step over all points is three passes.
    const seconds = (link: string) => (workOfLink(`v=1&hidden=16&${link}`).processor * 1e9) / 80;
    const [few, many] = [seconds('points=100'), seconds('points=200')];
    expect((many - few) / 300).toBeCloseTo(14, 6);
    expect(few - 14 * 300).toBeCloseTo(3 * 161 ** 2 + 4 * 33 ** 2, 6);
    expect(seconds('points=100&test=0.5')).toBeCloseTo(few - 150 * 14 + 150 * 6, 6);
  });

  it('is that of coarse pictures where the network is large', () => {
    const large = 'v=1&hidden=1024-1024-1024-1024-1024-1024&points=1';
    expect(workOfLink(large).processor).toBeLessThan(40);
  });

  it('is counted in forward and backward passes over the rows of a batch', () => {
    const { settings } = parseLink('v=1&hidden=100&classes=3&batch=50');
    const [one, two] = [1000, 2000].map((steps) => workOf(settings, planeData(settings), steps));
    expect(two.processor - one.processor).toBeCloseTo((1000 * 3 * 500 * 50) / 1e9 + 0.02, 9);
    expect(two.card).toBeLessThan(two.processor);
  });
});

it.each([
  [0.1, '1 second'],
  [80, '80 seconds'],
  [100, '2 minutes'],
  [7000, '2 hours'],
  [86_400 * 12.4, '12 days'],
  [86_400 * 3652.5, '10 years'],
  [3.15576e7 * 123_456, '120,000 years'],
])('%d s are %s', (seconds, words) => {
  expect(formatDuration(seconds, 'en')).toBe(words);
});
